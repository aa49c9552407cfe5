/**
 * How well the coach tells whose fault a failed run was, on runs whose fault is planted:
 * npm run bench -- coach [--runs 150] [--seeds 1,2,3,4] [--sets 400] [--json]. Everything is simulated.
 */
import { parseArgs } from "node:util";
import type { Estimate } from "#lib/domain/experiment.ts";
import { coachFaults } from "#lib/domain/insight.ts";
import { plantedFaults } from "#workbench/planted-faults.ts";
import { choices, classFigures, confusionOf, type Mixture, mixtures } from "./figures.ts";
import { type JudgedRun, plantedRuns } from "./planted-runs.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "150" },
    seeds: { type: "string", default: "1,2,3,4" },
    sets: { type: "string", default: "400" },
    json: { type: "boolean", default: false },
  },
});
const seeds = options.seeds.split(",").map(Number);
const perSeed = Math.ceil(Number(options.runs) / seeds.length);
const sets = Number(options.sets);
if (![...seeds, perSeed, sets].every((figure) => Number.isSafeInteger(figure) && figure > 0)) {
  console.error("--runs N (a class) --seeds 1,2,3 --sets N");
  process.exit(2);
}

const runs: JudgedRun[] = [];
for (const truth of plantedFaults)
  for (const seed of seeds) runs.push(...(await plantedRuns(truth, perSeed, seed)));

const confusion = confusionOf(runs);
const classes = classFigures(confusion);
const names = Object.keys(mixtures) as Mixture[];
const chosen = names.flatMap((mixture) =>
  [20, 50].map((size) => ({ mixture, size, ...choices(runs, mixture, { size, sets, seed: 1 }) })),
);
const report = {
  simulated: true,
  runsPerClass: perSeed * seeds.length,
  seeds,
  confusion,
  classes,
  chosen,
};

if (options.json) console.log(JSON.stringify(report));
else {
  console.log(`planted \\ judged | ${coachFaults.join(" | ")}`);
  for (const truth of plantedFaults)
    console.log(`${truth} | ${coachFaults.map((fault) => confusion[truth][fault]).join(" | ")}`);
  for (const truth of plantedFaults) {
    const { precision, recall, unclear } = classes[truth];
    console.log(
      `${truth}: precision ${shown(precision)}, recall ${shown(recall)}, unclear ${shown(unclear)}`,
    );
  }
  for (const { mixture, size, agent, section } of chosen)
    console.log(`${mixture}, ${size} runs: agent ${shown(agent)}, section ${shown(section)}`);
}

function shown({ value, low, high, n }: Estimate): string {
  const percent = (share: number) => (share * 100).toFixed(1);
  return `${percent(value)} % (${percent(low)} to ${percent(high)}, n = ${n})`;
}
