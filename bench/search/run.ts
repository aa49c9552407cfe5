/**
 * How well the search finds better prompts, and how seldom it believes luck:
 * npm run bench -- search --suite null|gain-0.1|gain-0.2|gain-0.3|control-regression [--runs 400] [--seed 1] [--json].
 * Everything on these suites is simulated; their pass rates are known.
 */
import { parseArgs } from "node:util";
import { mean } from "./figures.ts";
import { regretOf } from "./synthetic/regret.ts";
import { judgeRuns, runSynthetic, type SyntheticRun, synthetic } from "./synthetic/suites.ts";

const { values: options } = parseArgs({
  options: {
    suite: { type: "string" },
    runs: { type: "string", default: "400" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

const suite = (Object.keys(synthetic) as (keyof typeof synthetic)[]).find(
  (name) => name === options.suite,
);
const count = Number(options.runs);
if (suite === undefined || !Number.isSafeInteger(count) || count < 1) {
  console.error(`--suite ${Object.keys(synthetic).join("|")} --runs N`);
  process.exit(2);
}
const began = performance.now();
const runs: SyntheticRun[] = [];
for (let seed = Number(options.seed); runs.length < count; seed++)
  runs.push(await runSynthetic(suite, seed));
const figures = {
  ...judgeRuns(suite, runs),
  rollouts: mean(runs.map(({ result }) => result.rollouts)),
  ...(suite === "null" || suite === "control-regression" ? {} : { regret: await regretOf(runs) }),
};
const seconds = (performance.now() - began) / 1_000;
const report = { suite, runs: count, firstSeed: Number(options.seed), simulated: true, ...figures };
if (options.json) console.log(JSON.stringify({ ...report, seconds: Math.round(seconds) }));
else console.log(`${JSON.stringify(report, null, 2)}\n${seconds.toFixed(0)} s`);
