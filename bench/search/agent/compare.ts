/** The product and every baseline in one arena, with the same seeds and as many trials, judged on fresh benchmarks. */
import type { TrialResult } from "#lib/domain/trial.ts";
import { baselines } from "../methods/baselines.ts";
import { AgentTask } from "./agent-task.ts";
import { type Arena, CountedTrials } from "./arena.ts";
import { type Breeding, configurationFor } from "./configurations.ts";
import { type FreshFigures, handedOver, measureFresh } from "./hand-over.ts";
import { optimizeAgent } from "./optimize-agent.ts";

export const genepool = "Genepool";

/** One method with one seed and budget. */
export interface MethodRun extends FreshFigures {
  method: string;
  seed: number;
  budget: number;
  /** Trials that the search took, proof included where it has one. */
  trials: number;
  /** The prompt that the method would hand over. */
  prompt: string;
  /** Whether the product would let a person approve it; null for methods without a proof. */
  promoted: boolean | null;
}

export interface Comparison {
  arena: Arena;
  kind: "workbench" | "labelled";
  seed: number;
  budget: number;
  /** Trials that were run already, by whoever: nothing runs twice. */
  known: Map<string, Promise<TrialResult>>;
}

/** The product's run; `breeding` and `changes` switch parts of it off. */
export async function runGenepool(
  { arena, seed, budget, known }: Comparison,
  breeding: Breeding = {},
): Promise<MethodRun> {
  const trials = new CountedTrials(arena, seed, known);
  const found = await optimizeAgent(trials, configurationFor(budget, seed, breeding));
  const used = trials.used;
  const prompts = handedOver(trials, found.pick);
  return {
    method: genepool,
    seed,
    budget,
    trials: used,
    prompt: found.pick.content,
    promoted: found.promoted,
    ...(await measureFresh(arena, trials, prompts)),
  };
}

/** Every baseline, with as many trials as the product took. */
export async function runBaselines(
  { arena, seed, budget, known }: Comparison,
  trialsMax: number,
): Promise<MethodRun[]> {
  const runs: MethodRun[] = [];
  for (const { name, run } of baselines) {
    const trials = new CountedTrials(arena, seed, known);
    const pick = await run(new AgentTask(trials, trialsMax));
    const used = trials.used;
    runs.push({
      method: name,
      seed,
      budget,
      trials: used,
      prompt: pick.content,
      promoted: null,
      ...(await measureFresh(arena, trials, handedOver(trials, pick))),
    });
  }
  return runs;
}
