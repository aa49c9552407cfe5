/** The product as the null runs use it: everything that depends on its configuration and on what it keeps between runs is here. */
import type { Verdict } from "#lib/domain/experiment.ts";
import { type OptimizationConfig, optimizationConfig } from "#lib/domain/optimization.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import type { MemoryProofLedger } from "#optimizer/adapters/memory-run-store.ts";
import { optimizeInWorld } from "../label-world/genepool-method.ts";
import type { LabelWorld } from "../label-world/world.ts";

/** Product defaults, or a budget of calls. */
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

export interface ProductOptions {
  setting: Setting;
  seed: number;
  /** What proofs against this incumbent have spent so far; each run adds to it. */
  ledger?: MemoryProofLedger;
  /** Prompts of people to prove instead of a search. */
  prove?: readonly PromptGenome[];
}

/** One optimization, or one proof, on the world's suite. */
export async function runProduct(
  world: LabelWorld,
  { setting, seed, ledger = new Map(), prove = [] }: ProductOptions,
): Promise<ProductRun> {
  const { outcome, trials, genomeOf } = await optimizeInWorld(world, {
    config: configOf(setting, seed),
    ledger,
    prove,
  });
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

function configOf(setting: Setting, seed: number): OptimizationConfig {
  return optimizationConfig.parse(
    setting === "defaults" ? { seed } : { seed, calls: Number(setting) },
  );
}
