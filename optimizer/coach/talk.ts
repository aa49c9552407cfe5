/** A run's talk between critic and engineer, read from its trace: what was handed in, what was said about it. */
import { z } from "zod";
import { canonicalJson } from "#lib/canonical-json.ts";
import type { CriticVerdict } from "#lib/domain/trial.ts";
import { criticVerdicts, type EvidenceRun } from "../evidence.ts";

export interface CoachOptions {
  /** Agent that does the work, and the one that judges it. */
  worker: string;
  critic: string;
  /** Tool whose calls are the worker's submissions. */
  submissionTool: string;
}

export interface Submission {
  index: number;
  design: Readonly<Record<string, number>>;
  /** What was handed in beside the numbers and the words about them, for example the unit. */
  rest: string;
}

/** One judgement with the design it was about, and what the worker handed in before the next. */
export interface Exchange {
  index: number;
  verdict: CriticVerdict;
  before: Submission | null;
  after: Submission | null;
  /** The worker did anything at all between this verdict and the next. */
  answered: boolean;
  /** The worker called tools meanwhile. */
  worked: boolean;
}

/** Below this relative change a value is the same: rounding is no answer to an objection. */
const sameWithin = 0.002;

const handedIn = z.record(z.string(), z.unknown());

/** The judgements of a run in their order, each with the submissions around it. */
export function exchangesOf(run: EvidenceRun, options: CoachOptions): Exchange[] {
  const submissions = submissionsOf(run, options);
  const verdicts = criticVerdicts(run);
  return verdicts.map(({ index, verdict }, n) => {
    const end = verdicts[n + 1]?.index ?? run.steps.length;
    const between = run.steps
      .slice(index + 1, end)
      .filter((step) => step.agentType === options.worker);
    return {
      index,
      verdict,
      before: submissions.findLast((one) => one.index < index) ?? null,
      after: submissions.findLast((one) => one.index > index && one.index < end) ?? null,
      answered: between.length > 0,
      worked: between.some((step) => step.kind === "tool-call"),
    };
  });
}

/** Submissions that the tool took; one that it refused was never handed in. */
function submissionsOf({ steps }: EvidenceRun, options: CoachOptions): Submission[] {
  return steps.flatMap((step, index) => {
    if (step.kind !== "tool-call" || step.toolName !== options.submissionTool) return [];
    const answer = steps
      .slice(index + 1)
      .find(({ kind, toolName }) => kind === "tool-result" && toolName === options.submissionTool);
    const refused = handedIn.safeParse(answer?.data).data?.error !== undefined;
    return refused ? [] : [submissionOf(index, step.data ?? step.text)];
  });
}

function submissionOf(index: number, data: unknown): Submission {
  const { design, notes: _, ...rest } = handedIn.safeParse(data).data ?? {};
  const values = Object.entries(handedIn.safeParse(design).data ?? {});
  const numbers = values.filter((entry): entry is [string, number] => typeof entry[1] === "number");
  const others = values.filter(([, value]) => typeof value !== "number");
  const unread = typeof data === "string" ? { data } : {};
  return {
    index,
    design: Object.fromEntries(numbers),
    rest: canonicalJson({ ...rest, ...Object.fromEntries(others), ...unread }),
  };
}

/** Change of each variable from one submission to the next, by its sign; variables that stayed are left out. */
export function changesBetween(before: Submission, after: Submission): Map<string, 1 | -1> {
  const changes = new Map<string, 1 | -1>();
  for (const name of Object.keys({ ...before.design, ...after.design })) {
    const from = before.design[name] ?? 0;
    const to = after.design[name] ?? 0;
    if (Math.abs(to - from) > sameWithin * Math.max(Math.abs(from), Math.abs(to)))
      changes.set(name, to > from ? 1 : -1);
  }
  return changes;
}
