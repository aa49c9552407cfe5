/** Judged runs that show what the coach decided by, with the words of critic and worker. */
import {
  type CoachExample,
  type CoachedRun,
  type CoachFault,
  type CriticSight,
  coachFaults,
  type EngineerResponse,
} from "#lib/domain/insight.ts";
import type { EvidenceRun } from "../evidence.ts";

const examplesMax = 3;
const quoteLengthMax = 280;

const sights: Readonly<Record<CriticSight, string>> = {
  named: "The critic named the failing requirement",
  objected: "The critic objected without naming the failing requirement",
  "named-other": "The critic objected to something else",
  passed: "The critic passed the failing design",
  none: "The critic gave no verdict",
};
const responses: Readonly<Record<EngineerResponse, string>> = {
  acted: "the design changed in what was named",
  "acted-elsewhere": "the design changed, but not in what was named",
  unchanged: "the design stayed as it was",
  "not-resubmitted": "no new design was handed in after more work",
  none: "",
};

/** Up to three examples: of the fault that decided, then of the most frequent. */
export function examplesOf(
  failed: readonly EvidenceRun[],
  judged: readonly CoachedRun[],
  tallies: Readonly<Record<CoachFault, number>>,
  decisive: CoachFault | null,
): CoachExample[] {
  const weight = (fault: CoachFault) =>
    fault === decisive ? Number.POSITIVE_INFINITY : fault === "unclear" ? -1 : tallies[fault];
  const byId = new Map(failed.map((run) => [run.runId, run]));
  return [...coachFaults]
    .sort((a, b) => weight(b) - weight(a))
    .flatMap((fault) => judged.filter((one) => one.fault === fault))
    .slice(0, examplesMax)
    .flatMap((one) => {
      const run = byId.get(one.runId);
      return run === undefined ? [] : [exampleOf(run, one)];
    });
}

function exampleOf(run: EvidenceRun, one: CoachedRun): CoachExample {
  const response = responses[one.response];
  const ended = run.failure === null ? "" : ` ${run.failure.message}`;
  const cited = [one.verdictStep, one.submissionStep].filter((index) => index !== null);
  return {
    runId: one.runId,
    fault: one.fault,
    statement: `${sights[one.saw]}${response === "" ? "" : `; ${response}`}.${ended}`,
    evidence: cited.flatMap((index) => quoteAt(run, index)),
  };
}

/** The words at a step; a verdict without any is quoted by what its agent had said just before. */
function quoteAt({ steps }: EvidenceRun, index: number): CoachExample["evidence"] {
  const agent = steps[index]?.agentType;
  const stepIndex = steps.findLastIndex(
    (step, at) => at <= index && step.agentType === agent && step.text.trim() !== "",
  );
  const text = steps[stepIndex]?.text;
  return text === undefined ? [] : [{ stepIndex, quote: text.trim().slice(0, quoteLengthMax) }];
}
