import type { Estimate } from "../domain/experiment.ts";
import type { CoachFault } from "../domain/insight.ts";
import { wilsonInterval } from "./wilson.ts";

/** Faults whose share the coach decides by. */
type Blame = Exclude<CoachFault, "neither" | "unclear">;

/**
 * Shares of the two faults with Wilson's 95 % interval. A missed error is counted among the failed runs that can be
 * told. An ignored objection is counted among all of them: it shows in the trace where it happened, so a run that could
 * not be told hardly was one, and leaving those out would make its share too large.
 */
export function faultShares(
  tallies: Readonly<Record<CoachFault, number>>,
): Record<Blame, Estimate> {
  const told =
    tallies["critic-missed-error"] + tallies["engineer-ignored-critic"] + tallies.neither;
  const shareOf = (fault: Blame, n: number): Estimate => ({
    value: n === 0 ? 0 : tallies[fault] / n,
    n,
    ...wilsonInterval(tallies[fault], n),
  });
  return {
    "critic-missed-error": shareOf("critic-missed-error", told),
    "engineer-ignored-critic": shareOf("engineer-ignored-critic", told + tallies.unclear),
  };
}
