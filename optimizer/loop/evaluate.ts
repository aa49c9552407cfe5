/**
 * Evaluate: F(p) = (success, −cost, −latency) of each prompt and its constraint violation, as NSGA-II's survival takes them,
 * and what a front is worth. Without a success floor a terse, failing prompt is cheap and fast and would fill the front; the
 * floor is the constraint.
 */
import type { Objectives } from "#lib/domain/objective.ts";
import { hypervolumeOf } from "#lib/pareto/objectives.ts";
import type { Individual } from "../nsga2/select.ts";
import type { IndividualRecord } from "../ports.ts";

export interface ScoredPrompt {
  promptId: string;
  objectives: Objectives;
  trials: number;
  successes: number;
  constraintViolation: number;
}

/**
 * Cost and latency are ranked in steps of a tenth: a prompt that is a sentence shorter would otherwise never be
 * dominated, and half the population would be ancestors that are a percent cheaper and succeed less.
 */
const rankingStep = Math.log(1.1);

/** A scored prompt as NSGA-II ranks it, with cost and latency in steps from the incumbent's. */
export function asIndividual(
  scored: ScoredPrompt,
  incumbent: Objectives,
): Individual<ScoredPrompt> {
  const [success = 0, ...figures] = searchVector(scored.objectives);
  const [, ...today] = searchVector(incumbent);
  // Adding 0 makes a zero of the negative zero that rounding leaves.
  const steps = figures.map(
    (figure, i) => Math.round((figure - (today[i] ?? 0)) / rankingStep) + 0,
  );
  return {
    genome: scored,
    objectives: [success, ...steps],
    constraintViolation: scored.constraintViolation,
  };
}

/** Hypervolume of the feasible front against a fixed reference: success 0, twice the incumbent's cost and latency. */
export function frontHypervolume(
  individuals: readonly IndividualRecord[],
  incumbent: Objectives,
): number {
  const feasible = individuals.filter((individual) => individual.constraintViolation === 0);
  if (feasible.length === 0) return 0;
  return hypervolumeOf({
    objectives: feasible.map((individual) => searchVector(individual.objectives)),
    reference: [0, logOf(incumbent.costUsd * 2), logOf(incumbent.latencyMs * 2)],
  });
}

/** The vector that is minimised: cost and latency on a log scale, since ratios are what matters in them. */
function searchVector(objectives: Objectives): number[] {
  return [-objectives.successRate, logOf(objectives.costUsd), logOf(objectives.latencyMs)];
}

/** Free local models cost 0; a floor keeps the logarithm finite. */
export function logOf(value: number): number {
  return Math.log(Math.max(value, 1e-9));
}
