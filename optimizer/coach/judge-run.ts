/** The coach's judgement of one failed run: did the critic see the error, and did the worker act on what it said? */
import type { CoachedRun, CoachFault, CriticSight, EngineerResponse } from "#lib/domain/insight.ts";
import type { Failure } from "#lib/domain/trial.ts";
import type { EvidenceRun } from "../evidence.ts";
import {
  failedAlready,
  failedRequirement,
  requirementsOf,
  type Subject,
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
  const known = requirementsOf(run);
  const failed = failedRequirement(run.failure);
  const subject = subjectOf(verdict.objection, {
    requirements: [...known.keys(), ...(failed === null ? [] : [failed])],
    variables: Object.keys({ ...before?.design, ...after?.design }),
  });
  const levers = known.get(failed ?? "")?.levers;
  const saw = sightOf(subject, failed, (name) => levers?.has(name) === true);
  const part = partOf(subject, (name) => [...(known.get(name)?.levers.keys() ?? [])]);
  const response = responseOf(exchange, part, subject.requirements.includes("range"));
  const proven =
    before !== null && failed !== null && failedAlready(run, known.get(failed), before, after);
  return {
    fault: faultOf(saw, response, proven),
    saw,
    response,
    verdictStep: exchange.index,
    submissionStep: after?.index ?? null,
  };
}

function sightOf(
  { requirements, variables }: Subject,
  failed: string | null,
  moves: (variable: string) => boolean,
): CriticSight {
  if (failed === null) return "objected";
  if (requirements.includes(failed)) return "named";
  if (requirements.length > 0) return "named-other";
  return variables.some(moves) ? "named" : "objected";
}

/** Variables an answer to the objection has to touch; empty when any change may be one. */
function partOf(
  { requirements, variables }: Subject,
  leversOf: (name: string) => string[],
): readonly string[] {
  return variables.length > 0 ? variables : requirements.flatMap(leversOf);
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

function faultOf(saw: CriticSight, response: EngineerResponse, proven: boolean): CoachFault {
  const idle = response === "unchanged" || response === "acted-elsewhere";
  switch (saw) {
    case "named":
      return idle ? "engineer-ignored-critic" : "neither";
    case "named-other":
      // Heeding it could not have helped: the error was there and somebody else's name was called.
      return proven ? "critic-missed-error" : "unclear";
    case "objected":
      return idle ? "engineer-ignored-critic" : "unclear";
    default:
      return "unclear";
  }
}
