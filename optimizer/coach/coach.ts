/**
 * The coach decides whose prompt to tune. It judges each failed run by its trace: did the critic see the error, and
 * did the worker act on what the critic said? A share decides only when the low end of its interval does.
 */
import {
  type CoachedRun,
  type CoachFault,
  type CoachVerdict,
  coachFaults,
} from "#lib/domain/insight.ts";
import { faultShares } from "#lib/stats/fault-shares.ts";
import type { EvidenceRun } from "../evidence.ts";
import { examplesOf } from "./examples.ts";
import { judgeRun } from "./judge-run.ts";
import type { CoachOptions } from "./talk.ts";

/** The critic is tuned first when it missed the error in most failed runs. */
const criticAbove = 1 / 2;
/** The worker's own work explains fewer than two thirds: how it takes objections comes first. */
const receptivenessAbove = 1 / 3;

/** Judges all failed runs and names the agent type to tune; when nothing is shown it is the worker. */
export function coach(runs: readonly EvidenceRun[], options: CoachOptions): CoachVerdict {
  const failed = runs.filter((run) => run.outcome === "failure");
  const judged = failed.map((run) => judgeRun(run, options));
  const tallies = tallyOf(judged);
  const { decisive, ...decision } = decide(tallies, options);
  const examples = examplesOf(failed, judged, tallies, decisive);
  return { ...decision, tallies, runs: judged, examples };
}

/** Failed runs by fault. */
function tallyOf(judged: readonly CoachedRun[]): Record<CoachFault, number> {
  const tallies: Record<CoachFault, number> = {
    "critic-missed-error": 0,
    "engineer-ignored-critic": 0,
    neither: 0,
    unclear: 0,
  };
  for (const { fault } of judged) tallies[fault] += 1;
  return tallies;
}

interface Decision extends Pick<CoachVerdict, "tune" | "section" | "reason"> {
  /** The fault whose share decided it, if one did. */
  decisive: CoachFault | null;
}

/** Whose prompt to tune by the tallies, and why in a sentence with counts, n and interval. */
function decide(
  tallies: Readonly<Record<CoachFault, number>>,
  { worker, critic }: CoachOptions,
): Decision {
  const shares = faultShares(tallies);
  const missed = shares["critic-missed-error"];
  const ignored = shares["engineer-ignored-critic"];
  const total = coachFaults.reduce((sum, fault) => sum + tallies[fault], 0);
  const told = (fault: keyof typeof shares) => {
    const { low, high, n } = shares[fault];
    return `${tallies[fault]} of ${n} failed runs (95 % interval ${whole(low)} to ${whole(high)} %)`;
  };
  const rest = tallies.unclear === 0 ? "" : ` ${tallies.unclear} of ${total} could not be told.`;
  if (missed.low > criticAbove) {
    const reason = `The ${critic} missed the error in ${told("critic-missed-error")}.${rest}`;
    return { tune: critic, section: null, reason, decisive: "critic-missed-error" };
  }
  if (ignored.low > receptivenessAbove) {
    const reason = `The ${worker} did not act on the objection in ${told("engineer-ignored-critic")}.${rest}`;
    return { tune: worker, section: "receptiveness", reason, decisive: "engineer-ignored-critic" };
  }
  const reason = `Neither the ${critic} nor receptiveness is shown to explain the failures: error missed in ${told("critic-missed-error")}, objection ignored in ${told("engineer-ignored-critic")}.${rest}`;
  return { tune: worker, section: null, reason, decisive: null };
}

function whole(share: number): number {
  return Math.round(share * 100);
}
