/** Notices that answers can no longer be graded, before the rest of a round is paid for. */
import type { Arm, Failure } from "../domain/trial.ts";

/** What the watch must know of a trial that ended. */
export interface WatchedTrial {
  promptId: string;
  arm: Arm;
  failure: Failure | null;
}

/** Fewer failed gradings than this say nothing yet. */
const errorsMin = 10;
const errorShareMax = 0.5;
/** As many of the newest trials as are looked at: a grader that breaks late is noticed as soon. */
const windowSize = 30;

/** Did a grader fail to do its work on this trial? */
export function isGraderError(failure: Pick<Failure, "errorClass"> | null): boolean {
  return failure?.errorClass === "grader-error";
}

/**
 * True when at least ten gradings failed, more than half of all. One prompt under test alone never shows it, since its
 * answers may be what a grader cannot read; today's prompt does, and so do two others.
 */
export function isGraderDown(trials: readonly WatchedTrial[]): boolean {
  const errors = trials.filter(({ failure }) => isGraderError(failure));
  if (errors.length < errorsMin || errors.length <= trials.length * errorShareMax) return false;
  const prompts = new Set(errors.map(({ promptId }) => promptId));
  return prompts.size > 1 || errors.some(({ arm }) => arm === "baseline");
}

/** Watches the newest trials in the order in which they end. */
export class GraderWatch {
  private newest: WatchedTrial[] = [];

  /** Notes a trial; true when the grader is down. */
  note(trial: WatchedTrial): boolean {
    this.newest = [...this.newest.slice(1 - windowSize), trial];
    return isGraderDown(this.newest);
  }
}
