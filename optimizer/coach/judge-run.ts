/** The coach's judgement of one failed run: did the critic see the error, and did the worker act on what it said? */
import type { CoachedRun, CoachFault, CriticSight, EngineerResponse } from "#lib/domain/insight.ts";
import type { Failure } from "#lib/domain/trial.ts";
import type { EvidenceRun } from "../evidence.ts";
import {
  failedAlready,
  failedRequirement,
  type Requirement,
  requirementsOf,
  type Subject,
  saidToFail,
  subjectOf,
} from "./subject.ts";
import { type CoachOptions, changesBetween, type Exchange, exchangesOf } from "./talk.ts";

/** Failures of the machinery: nobody's prompt answers for them. */
const broken: readonly Failure["errorClass"][] = [
  "timeout",
  "model-error",
  "template-error",
  "over-budget",
];

type Judgement = Omit<CoachedRun, "runId">;

const untold: Judgement = {
  fault: "unclear",
  saw: "none",
  response: "none",
  verdictStep: null,
  submissionStep: null,
};

/** Judges one failed run by its trace and its outcome alone. */
export function judgeRun(run: EvidenceRun, options: CoachOptions): CoachedRun {
  return { runId: run.runId, ...judgementOf(run, options) };
}

function judgementOf(run: EvidenceRun, options: CoachOptions): Judgement {
  if (run.failure !== null && broken.includes(run.failure.errorClass)) return untold;
  const exchanges = exchangesOf(run, options);
  const last = exchanges.at(-1);
  if (last === undefined) return untold;
  if (last.verdict.pass) return passed(last);
  const objection = exchanges.findLast(({ verdict, answered }) => !verdict.pass && answered);
  if (objection === undefined) return { ...untold, saw: "objected", verdictStep: last.index };
  return objected(run, objection);
}

/** The critic's last word was a pass, whatever it had said before. */
function passed({ index, before, after }: Exchange): Judgement {
  const changed = after !== null && (before === null || !isUnchanged({ before, after }));
  return {
    ...untold,
    fault: changed ? "unclear" : "critic-missed-error",
    saw: "passed",
    verdictStep: index,
    submissionStep: changed ? after.index : (before?.index ?? null),
  };
}

function objected(run: EvidenceRun, exchange: Exchange): Judgement {
  const { before, after, verdict } = exchange;
  const requirements = requirementsOf(run);
  const failed = requirements.get(failedRequirement(run.failure) ?? "");
  const variables = Object.keys({ ...before?.design, ...after?.design });
  const subject = subjectOf(verdict.objection, { requirements, variables });
  const saw = sightOf(subject, failed);
  // Whoever mends the requirement by another variable than the one that was hinted at has acted too.
  const meant = [...subject.requirements, ...(saw === "named" && failed ? [failed.name] : [])];
  const levers = meant.map((name) => [...(requirements.get(name)?.levers.keys() ?? [])]);
  const part = [...subject.variables.keys(), ...levers.flat()];
  const partIsKnown = levers.every((names) => names.length > 0);
  const response = responseOf(exchange, part, subject.requirements.includes("range"));
  const missedOne =
    saw === "named-other" && before !== null && failedAlready(run, failed, before, after);
  const sawAnother =
    before !== null && subject.requirements.some((name) => saidToFail(run, name, before));
  return {
    fault: missedOne
      ? "critic-missed-error"
      : response === "acted-elsewhere" && !partIsKnown
        ? "unclear"
        : faultOf(saw === "named-other" && sawAnother ? "named" : saw, response),
    saw,
    response,
    verdictStep: exchange.index,
    submissionStep: after?.index ?? null,
  };
}

/** Did the objection mean the requirement that the run failed at? */
function sightOf(
  { requirements, variables }: Subject,
  failed: Requirement | undefined,
): CriticSight {
  if (failed === undefined) return "objected";
  if (requirements.includes(failed.name)) return "named";
  if (requirements.length > 0) return "named-other";
  if (variables.size === 0 || failed.levers.size === 0) return "objected";
  // Only variables are named: one that is to move the way that helps means the requirement.
  const helps = [...variables].some(([name, sign]) => {
    const wanted = failed.levers.get(name);
    return wanted !== undefined && (sign === null || sign === wanted);
  });
  return helps ? "named" : "named-other";
}

function responseOf(
  { before, after, worked }: Exchange,
  part: readonly string[],
  aboutUnits: boolean,
): EngineerResponse {
  if (after === null) return worked ? "not-resubmitted" : "unchanged";
  if (before === null) return "acted";
  if (isUnchanged({ before, after })) return "unchanged";
  // A unit that is now stated changes every length at once.
  if (part.length === 0 || (aboutUnits && before.rest !== after.rest)) return "acted";
  const changes = changesBetween(before, after);
  return part.some((name) => changes.has(name)) ? "acted" : "acted-elsewhere";
}

function isUnchanged({ before, after }: Pick<Exchange, "before" | "after">): boolean {
  if (before === null || after === null) return before === after;
  return before.rest === after.rest && changesBetween(before, after).size === 0;
}

function faultOf(saw: CriticSight, response: EngineerResponse): CoachFault {
  const idle = response === "unchanged" || response === "acted-elsewhere";
  if (saw === "named") return idle ? "engineer-ignored-critic" : "neither";
  // An objection that names nothing can still be ignored; whether it saw the error cannot be told.
  return saw === "objected" && idle ? "engineer-ignored-critic" : "unclear";
}
