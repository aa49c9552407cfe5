/**
 * The coach decides whose prompt to tune. It compares the critic's verdict with the outcome of each failed run: a
 * critic that passed a failing design missed the error; an engineer that hands in the same design after an objection
 * ignored it. Everything else is the engineer's own work.
 */
import { canonicalJson } from "#lib/canonical-json.ts";
import type { CoachFault, CoachVerdict } from "#lib/domain/insight.ts";
import { wilsonInterval } from "#lib/stats/wilson.ts";
import { criticVerdicts, type EvidenceRun } from "../evidence.ts";

export interface CoachOptions {
  /** Agent that does the work, and the one that judges it. */
  worker: string;
  critic: string;
  /** Tool whose calls are the worker's submissions. */
  submissionTool: string;
}

/** What went wrong between critic and worker in one failed run. */
export function faultOf(run: EvidenceRun, options: CoachOptions): CoachFault {
  const verdicts = criticVerdicts(run);
  const last = verdicts.at(-1);
  if (last === undefined) return "neither";
  const objection = verdicts.find(({ verdict }) => !verdict.pass);
  if (objection !== undefined && submittedUnchanged(run, objection.index, options))
    return "engineer-ignored-critic";
  return last.verdict.pass ? "critic-missed-error" : "neither";
}

/** Tallies the faults of all failed runs and names the agent type to tune. */
export function coach(runs: readonly EvidenceRun[], options: CoachOptions): CoachVerdict {
  const tallies: Record<CoachFault, number> = {
    "critic-missed-error": 0,
    "engineer-ignored-critic": 0,
    neither: 0,
  };
  const failed = runs.filter((run) => run.outcome === "failure");
  for (const run of failed) tallies[faultOf(run, options)] += 1;
  const share = (fault: CoachFault) => `${tallies[fault]} of ${failed.length} failed runs`;
  // Tuning the critic first needs more than chance: even the low end of its share must be the majority.
  if (wilsonInterval(tallies["critic-missed-error"], failed.length).low > 0.5) {
    const reason = `The critic passed a failing result in ${share("critic-missed-error")}.`;
    return { tune: options.critic, section: null, tallies, reason };
  }
  if (tallies["engineer-ignored-critic"] * 3 > failed.length) {
    const reason = `The ${options.worker} handed in an unchanged result after an objection in ${share("engineer-ignored-critic")}.`;
    return { tune: options.worker, section: "receptiveness", tallies, reason };
  }
  const reason = `Neither critic nor receptiveness explains most failures: critic missed ${share("critic-missed-error")}, objection ignored in ${share("engineer-ignored-critic")}.`;
  return { tune: options.worker, section: null, tallies, reason };
}

function submittedUnchanged(run: EvidenceRun, objectionAt: number, options: CoachOptions): boolean {
  const submissions = run.steps.flatMap((step, index) =>
    step.kind === "tool-call" && step.toolName === options.submissionTool
      ? [{ index, design: canonicalJson(designOf(step.data)) }]
      : [],
  );
  const before = submissions.findLast(({ index }) => index < objectionAt);
  const after = submissions.findLast(({ index }) => index > objectionAt);
  return before !== undefined && (after === undefined || after.design === before.design);
}

function designOf(data: unknown): unknown {
  return typeof data === "object" && data !== null && "design" in data ? data.design : data;
}
