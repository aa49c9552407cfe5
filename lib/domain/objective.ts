/** The three objectives of a prompt; the direction is part of the type, never of the sign. */
export const objectiveDirections = {
  successRate: "maximize",
  costUsd: "minimize",
  latencyMs: "minimize",
} as const;

export type ObjectiveName = keyof typeof objectiveDirections;

/** successRate in 0..1; costUsd: mean USD of one run; latencyMs: mean milliseconds of one run. */
export type Objectives = Record<ObjectiveName, number>;

/**
 * Trials of a benchmark that what was expected of a prompt counts for beside its own, when the search discounts its
 * success while trials are few.
 */
export const priorTrials = 0.5;
