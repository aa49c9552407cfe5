/** What every method of the label world answers, and the baselines as such methods. */
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { handedOver } from "../agent/hand-over.ts";
import type { Method } from "../methods/method.ts";
import type { OperatorShares } from "./edits.ts";
import type { LabelWorld } from "./world.ts";
import { WorldTask } from "./world-task.ts";
import { WorldTrials } from "./world-trials.ts";

/** What a method does in one world with so many ordered trials, proof included. */
export interface WorldMethod {
  name: string;
  run(world: LabelWorld, budget: number): Promise<MethodOutcome>;
}

export interface MethodOutcome {
  pick: PromptGenome;
  /** The pick and up to three more that add most to the front by the method's own figures. */
  handedOver: readonly PromptGenome[];
  /** Unique requests, those of the proof among them. */
  ordered: number;
  /** Of those the proof's; 0 for a method that hands over without a proof. */
  proofTrials: number;
  /** Prompts that were measured on at least one row. */
  prompts: number;
  /** Whether the product would let a person approve the pick; null for methods that prove nothing. */
  promoted: boolean | null;
}

export interface BaselineSettings {
  method: Method;
  rows: number;
  shares: OperatorShares;
  /** Whether the trials that the product's proof takes are taken too, on rows that chose nothing, or the search has them all. */
  proof: boolean;
}

/** Rows of a proof, each answered by the pick and by the start: a fifth of the budget, as the product's. */
export function proofRows(budget: number): number {
  return Math.floor(budget / 10);
}

/**
 * A baseline with its settings. The proof of a baseline decides nothing: its trials count, and what they tell goes into the figures that
 * choose what is handed over.
 */
export function baseline({ method, rows, shares, proof }: BaselineSettings): WorldMethod {
  return {
    name: proof ? method.name : `${method.name}, no proof`,
    async run(world, budget) {
      const trials = new WorldTrials(world, world.seed);
      const kept = proof ? 2 * proofRows(budget) : 0;
      const task = new WorldTask(trials, { budget: budget - kept, rows, shares });
      const pick = await method.run(task);
      const searched = trials.ordered;
      if (proof) {
        const ids = task.unseenIds.slice(0, proofRows(budget));
        trials.run(pick, ids);
        trials.run(world.start, ids);
      }
      return {
        pick,
        handedOver: handedOver(trials, pick),
        ordered: trials.ordered,
        proofTrials: trials.ordered - searched,
        prompts: trials.prompts().length,
        promoted: null,
      };
    },
  };
}
