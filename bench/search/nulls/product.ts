/** The product as the null runs use it: everything that depends on its configuration and on what it keeps between runs is here. */
import type { Verdict } from "#lib/domain/experiment.ts";
import { type OptimizationConfig, optimizationConfig } from "#lib/domain/optimization.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { configurationFor } from "../agent/configurations.ts";
import { optimizeInWorld } from "../label-world/genepool-method.ts";
import type { LabelWorld } from "../label-world/world.ts";

/** Product defaults, or the budgets of ordered trials that the bench has configurations for. */
export const settings = ["defaults", "400", "1000"] as const;
export type Setting = (typeof settings)[number];

/** One prompt that a run proved or tried to prove. */
export interface Finalist {
  genome: PromptGenome;
  verdict: Verdict;
  /** Whether it waits for a person's approval. */
  nominated: boolean;
}

export interface ProductRun {
  finalists: Finalist[];
  ordered: number;
}

/** One optimization on the world's suite. */
export async function optimize(
  world: LabelWorld,
  setting: Setting,
  seed: number,
): Promise<ProductRun> {
  const { outcome, trials, genomeOf } = await optimizeInWorld(world, configOf(setting, seed));
  const nominated = new Set(outcome.candidates.map(({ promptId }) => promptId));
  return {
    finalists: outcome.finalists.map(({ promptId, verdict }) => ({
      genome: genomeOf(promptId),
      verdict,
      nominated: nominated.has(promptId),
    })),
    ordered: trials.ordered,
  };
}

function configOf(
  setting: Setting,
  seed: number,
): { config: OptimizationConfig; searchTrialsMax?: number } {
  return setting === "defaults"
    ? { config: optimizationConfig.parse({ seed }) }
    : configurationFor("labelled", Number(setting), seed);
}
