/**
 * Edits that change nothing. Parent and child run the same repeats, so a child that took the very same steps as its
 * parent, trial after trial, shows after a few of them what its other trials would show.
 */
import type { Measurement } from "../measurement.ts";
import { logOf } from "./evaluate.ts";
import { margins } from "./margins.ts";

/** Equal steps that prove an edit idle: three runs of an agent with tools, or twenty rows that are answered in a word. */
const equalStepsMin = 20;
const failuresMin = 3;

/** Whether the child did in every trial so far what this parent did in the same one, and is neither cheaper nor faster. */
export function isIdle(child: readonly Measurement[], parent: readonly Measurement[]): boolean {
  const before = new Map(parent.map((trial) => [pairKey(trial), trial]));
  const pairs = child.flatMap((own) => {
    const other = before.get(pairKey(own));
    return other === undefined ? [] : [{ own, other }];
  });
  if (pairs.some(({ own, other }) => !isSameBehaviour(own, other))) return false;
  if (pairs.filter(({ other }) => !other.success).length < failuresMin) return false;
  if (stepsOf(pairs.map(({ own }) => own)) < equalStepsMin) return false;
  const saved = (figure: (trial: Measurement) => number) =>
    logOf(total(pairs.map(({ other }) => figure(other)))) -
    logOf(total(pairs.map(({ own }) => figure(own))));
  return (
    saved(({ costUsd }) => costUsd) < margins.logCost &&
    saved(({ latencyMs }) => latencyMs) < margins.logLatency
  );
}

function stepsOf(trials: readonly Measurement[]): number {
  return total(trials.map(({ behaviour }) => behaviour?.steps ?? 0));
}

function isSameBehaviour(own: Measurement, other: Measurement): boolean {
  return own.behaviour !== undefined && own.behaviour.digest === other.behaviour?.digest;
}

function pairKey({ benchmarkId, repeat }: Measurement): string {
  return `${benchmarkId}/${repeat}`;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
