import { mean } from "../figures.ts";
import { regretOf } from "./regret.ts";
import { judgeRuns, runSynthetic, type SyntheticRun, type SyntheticSuite } from "./suites.ts";

/** Runs a suite on `count` worlds, from `firstSeed` on, and answers its figures. */
export async function reportSynthetic(
  suite: SyntheticSuite,
  count: number,
  { firstSeed, size }: { firstSeed: number; size?: number },
) {
  const began = performance.now();
  const runs: SyntheticRun[] = [];
  for (let seed = firstSeed; runs.length < count; seed++)
    runs.push(await runSynthetic(suite, seed, size));
  const hasGain = suite !== "null" && suite !== "control-regression";
  return {
    suite,
    runs: count,
    firstSeed,
    simulated: true,
    ...judgeRuns(suite, runs),
    rollouts: mean(runs.map(({ result }) => result.rollouts)),
    ...(hasGain ? { regret: await regretOf(runs) } : {}),
    seconds: Math.round((performance.now() - began) / 1_000),
  };
}
