import type { Estimate } from "../domain/experiment.ts";
import type { CoachFault } from "../domain/insight.ts";
import { wilsonInterval } from "./wilson.ts";

/** Faults whose share the coach decides by. */
type Blame = Exclude<CoachFault, "neither" | "unclear">;

/** Shares of the two faults among the failed runs that can be told, with Wilson's 95 % interval. */
export function faultShares(
  tallies: Readonly<Record<CoachFault, number>>,
): Record<Blame, Estimate> {
  const told =
    tallies["critic-missed-error"] + tallies["engineer-ignored-critic"] + tallies.neither;
  const shareOf = (fault: Blame): Estimate => ({
    value: told === 0 ? 0 : tallies[fault] / told,
    n: told,
    ...wilsonInterval(tallies[fault], told),
  });
  return {
    "critic-missed-error": shareOf("critic-missed-error"),
    "engineer-ignored-critic": shareOf("engineer-ignored-critic"),
  };
}
