/** The end of a search: the best run on, and those for the proof are put in the order in which it tries them. */
import { type Measured, type Measurement, measure } from "../measurement.ts";
import type { Evaluator, SearchPrompt, TrialOrder } from "../ports.ts";
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

/** Those of the finalists, in their order, whose regression runs the trials left still pay. */
export function payable(
  finalists: readonly string[],
  {
    board,
    budget,
    guardIds,
    repeatOffset,
  }: Pick<TopUp, "board" | "budget" | "guardIds" | "repeatOffset">,
): string[] {
  let left = budget.left;
  return finalists.filter((id) => {
    const missing = guardIds.filter((rowId) => !board.has(id, rowId, repeatOffset)).length;
    if (missing > left) return false;
    left -= missing;
    return true;
  });
}

export interface TopUp extends Schedule {
  board: Scoreboard;
  budget: TrialBudget;
  /** The most promising first. */
  prompts: readonly SearchPrompt[];
  /** Trials that each comes to. */
  trials: number;
  /** So many of them go to the proof: their rows of the regression run are never spent on others. */
  finalistsMax: number;
  guardIds: readonly string[];
  spendMaxUsd: number;
  experimentId: (promptId: string) => string;
}

const stepTrials = 4;
/** Equal outcomes on so many rows make two prompts twins. */
const twinTrialsMin = 12;

/**
 * Runs prompts on, all at the same pace, until they have their trials, a cap refuses or what is left is needed for the
 * regression runs of those among them that may go to the proof.
 */
export async function topUp(input: TopUp, evaluator: Evaluator): Promise<Measured> {
  const measurements: Measurement[] = [];
  const { board, budget, prompts, trials } = input;
  for (let step = stepTrials; step < trials + stepTrials; step += stepTrials) {
    const orders = prompts.map((prompt, place) =>
      isTwinOf(prompt, prompts.slice(0, place), input) ? [] : ordersOf(prompt, step, input),
    );
    const all = orders.flat();
    if (all.length === 0) continue;
    if (all.length + neededAfter(orders, input) > budget.left) break;
    budget.take(all.length);
    const spent = measurements.reduce((sum, { costUsd }) => sum + costUsd, 0);
    const done = await measure(evaluator, all, { spendMaxUsd: input.spendMaxUsd - spent });
    measurements.push(...done.measurements);
    if (done.stopped !== null) return { measurements, stopped: done.stopped };
    board.keep(done.measurements);
  }
  return { measurements, stopped: null };
}

/**
 * Where repeats are copies, prompts that did the same on a dozen rows will do the same on nearly all others: one of them tells
 * what the other would, unless that is cheaper or faster.
 */
function isTwinOf(
  { id }: SearchPrompt,
  others: readonly SearchPrompt[],
  { board, repeatsDiffer }: TopUp,
): boolean {
  if (repeatsDiffer) return false;
  return others.some((other) => {
    const { shared, different } = board.compared(id, other.id);
    return shared >= twinTrialsMin && different === 0 && !board.isCheaper(id, other.id);
  });
}

/** Trials that the regression runs take after these orders, whichever of the prompts go to the proof. */
function neededAfter(orders: readonly (readonly TrialOrder[])[], input: TopUp): number {
  const { board, prompts, guardIds, repeatOffset, finalistsMax } = input;
  const missing = prompts.map(({ id }, i) => {
    const ordered = new Set(orders[i]?.map(({ benchmark }) => benchmark.id));
    return guardIds.filter((rowId) => !ordered.has(rowId) && !board.has(id, rowId, repeatOffset))
      .length;
  });
  return missing
    .sort((one, other) => other - one)
    .slice(0, finalistsMax)
    .reduce((sum, count) => sum + count, 0);
}

function ordersOf(prompt: SearchPrompt, step: number, input: TopUp): TrialOrder[] {
  return ordersUpTo(prompt, Math.min(step, input.trials), {
    ...input,
    arm: "candidate",
    experimentId: input.experimentId(prompt.id),
  });
}
