import type { Estimate } from "#lib/domain/experiment.ts";
import { intervalOf, mean } from "../figures.ts";
import { baselines } from "../methods/baselines.ts";
import { withRule } from "./proposer.ts";
import type { SyntheticRun } from "./suites.ts";
import { SyntheticTask, startContent } from "./trials.ts";
import type { World } from "./world.ts";

export interface Regret {
  /** Of the prompt that the product's proof measured best. */
  genepool: number;
  /** Of the prompt that the product would let a person approve. */
  promotedByGenepool: number;
  baselines: Record<string, { regret: number; moreThanGenepool: Estimate }>;
}

/**
 * True success rate that a method's pick lacks to the best prompt there is: means over the seeds, and for each baseline
 * its regret less the product's on the same worlds at the same number of trials, with an interval at 95 %.
 */
export async function regretOf(runs: readonly SyntheticRun[]): Promise<Regret> {
  const own = runs.map(({ world, result }) => lack(world, result.pick));
  const compared: Regret["baselines"] = {};
  for (const baseline of baselines) {
    const theirs: number[] = [];
    for (const { world, seed, result } of runs)
      theirs.push(lack(world, await baseline.run(new SyntheticTask(world, seed, result.rollouts))));
    compared[baseline.name] = {
      regret: mean(theirs),
      moreThanGenepool: intervalOf(theirs.map((regret, i) => regret - (own[i] ?? 0))),
    };
  }
  return {
    genepool: mean(own),
    promotedByGenepool: mean(runs.map(({ world, result }) => lack(world, result.promoted))),
    baselines: compared,
  };
}

function lack(world: World, content: string): number {
  const best = world.rules
    .filter(({ kind }) => kind === "planted")
    .reduce((text, { sentence }) => withRule(text, sentence), startContent);
  return world.trueRate(best) - world.trueRate(content);
}
