import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { Measurement } from "../measurement.ts";
import type { SearchPrompt } from "../ports.ts";
import type { SearchConfig } from "../search-config.ts";

/** What one generation's experiment works on. */
export interface ExperimentInput {
  config: SearchConfig;
  generation: number;
  incumbent: SearchPrompt;
  /** The population that the children compete with. */
  parentIds: readonly string[];
  /** The prompts that each child was bred from. */
  bredFrom: ReadonlyMap<string, readonly string[]>;
  /** All that was measured in earlier generations. */
  soFar: readonly Measurement[];
  /** Pass rates by benchmark id over all prompts so far: how hard each one is. */
  rates: ReadonlyMap<string, number>;
  children: readonly SearchPrompt[];
  /** Members of the current first front that have room for another repeat, with the number they have. */
  reevaluate: readonly { prompt: SearchPrompt; repeats: number }[];
  targets: readonly Benchmark[];
  controls: readonly Benchmark[];
  /** The most that this generation may spend in USD: the rest of the cap belongs to the proof of the finalists. */
  spendMaxUsd: number;
  /** Identity of an experiment row: a pure function of the run, the generation and the prompt. */
  experimentId: (generation: number, promptId: string) => string;
}
