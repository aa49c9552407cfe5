/** The end of a search: the best run on, and those for the proof are put in the order in which it tries them. */
import { type Measured, type Measurement, measure } from "../measurement.ts";
import type { Evaluator, SearchPrompt } from "../ports.ts";
import type { Scoreboard } from "../scoreboard.ts";
import { ordersUpTo, type Schedule } from "./rung-orders.ts";
import type { TrialBudget } from "./trial-budget.ts";

export interface Choice {
  incumbentId: string;
  candidateIds: readonly string[];
  finalistsMax: number;
}

/** A prompt that may do a little worse, but is cheaper, is still worth a proof when no other is left. */
const equalSlack = 0.02;

/** Those that are expected to succeed most, the most first; ties keep the order of the candidates. */
export function contendersOf(board: Scoreboard, choice: Choice): string[] {
  const { incumbentId, candidateIds, finalistsMax } = choice;
  return candidateIds
    .filter((id) => id !== incumbentId)
    .map((id) => ({ id, success: board.successOf(id) }))
    .sort((a, b) => b.success - a.success)
    .slice(0, finalistsMax)
    .map(({ id }) => id);
}

/**
 * Prompts for the proof, the most promising first: what is expected to succeed more often than today's prompt, then what
 * succeeds as often and is cheaper or faster.
 */
export function finalistsOf(board: Scoreboard, choice: Choice): string[] {
  const today = board.successOf(choice.incumbentId);
  const best = contendersOf(board, { ...choice, finalistsMax: choice.candidateIds.length });
  const better = best.filter((id) => board.successOf(id) > today);
  const cheaper = best.filter(
    (id) =>
      !better.includes(id) &&
      board.successOf(id) >= today - equalSlack &&
      board.isCheaper(id, choice.incumbentId),
  );
  return [...better, ...cheaper].slice(0, choice.finalistsMax);
}

export interface TopUp extends Schedule {
  board: Scoreboard;
  budget: TrialBudget;
  prompts: readonly SearchPrompt[];
  /** Trials that each comes to. */
  trials: number;
  spendMaxUsd: number;
  experimentId: (promptId: string) => string;
}

/** Runs prompts on, all at the same pace, until they have their trials, the budget is used up or a cap refuses. */
export async function topUp(input: TopUp, evaluator: Evaluator): Promise<Measured> {
  const measurements: Measurement[] = [];
  const { board, budget, trials } = input;
  for (let step = stepTrials; step < trials + stepTrials; step += stepTrials) {
    const orders = input.prompts
      .flatMap((prompt) =>
        ordersUpTo(prompt, Math.min(step, trials), {
          ...input,
          arm: "candidate",
          experimentId: input.experimentId(prompt.id),
        }),
      )
      .slice(0, Math.max(0, budget.left));
    if (orders.length === 0) continue;
    budget.take(orders.length);
    const spent = measurements.reduce((sum, { costUsd }) => sum + costUsd, 0);
    const done = await measure(evaluator, orders, { spendMaxUsd: input.spendMaxUsd - spent });
    measurements.push(...done.measurements);
    if (done.stopped !== null) return { measurements, stopped: done.stopped };
    board.keep(done.measurements);
  }
  return { measurements, stopped: null };
}

const stepTrials = 4;
