/** What an objection is about, as far as its words and the tools' answers in the same trace tell. */
import { z } from "zod";
import type { Failure } from "#lib/domain/trial.ts";
import type { EvidenceRun } from "../evidence.ts";
import { changesBetween, type Submission } from "./talk.ts";

/** A requirement with the sign by which each variable moves it to its good side. */
export interface Requirement {
  name: string;
  levers: ReadonlyMap<string, 1 | -1>;
}

export interface Subject {
  /** Requirements the objection finds fault with, by name. */
  requirements: readonly string[];
  /** Variables it wants changed. */
  variables: readonly string[];
}

const cost = "cost";
const collisions = "collisions";
const range = "range";
const submission = "submission";

/** Requirements that have no name of their own in the answers of the tools, by their words. */
const spokenAs: readonly (readonly [name: string, words: RegExp])[] = [
  [cost, /\b(?:cost\w*|budget\w*|expensive|price\w*|usd|dear)\b/],
  [collisions, /\b(?:collid\w*|collision\w*|overlap\w*|interfer\w*|clash\w*|consisten\w*)\b/],
  [range, /\b(?:ranges?|out of bounds|outside|units?|whole number)\b/],
  [submission, /\b(?:submit\w*|submission|hand(?:ed)? in)\b/],
];

const checksAnswer = z.object({
  checks: z.array(
    z.object({
      name: z.string(),
      satisfied: z.boolean(),
      raise: z.array(z.string()),
      lower: z.array(z.string()),
    }),
  ),
});
const costAnswer = z.object({ costUsd: z.number(), drivers: z.array(z.string()) });
const called = z.object({ design: z.record(z.string(), z.number()) });

/** The requirement a run failed at, under the name that `subjectOf` uses for it; null when it is not known. */
export function failedRequirement(failure: Failure | null): string | null {
  if (failure === null) return null;
  if (["no-submission", "step-limit", "tool-error"].includes(failure.errorClass)) return submission;
  const check = failure.failedCheck;
  if (check === undefined) return null;
  return check.endsWith("within its range") ? range : check;
}

/** Every requirement that the tools' answers in the trace speak of. */
export function requirementsOf({ steps }: EvidenceRun): Map<string, Requirement> {
  const found = new Map<string, Requirement>();
  for (const { kind, data } of steps) {
    if (kind !== "tool-result") continue;
    for (const { name, raise, lower } of checksAnswer.safeParse(data).data?.checks ?? [])
      found.set(name, { name, levers: leversOf(raise, lower) });
    const drivers = costAnswer.safeParse(data).data?.drivers;
    if (drivers !== undefined) found.set(cost, { name: cost, levers: leversOf([], drivers) });
  }
  return found;
}

function leversOf(raise: readonly string[], lower: readonly string[]): Map<string, 1 | -1> {
  return new Map([
    ...raise.map((name): [string, 1] => [name, 1]),
    ...lower.map((name): [string, -1] => [name, -1]),
  ]);
}

/** The requirements and variables that an objection finds fault with; what it praises is left out. */
export function subjectOf(
  objection: string,
  known: { requirements: Iterable<string>; variables: Iterable<string> },
): Subject {
  const text = faultsOf(objection);
  const named = [...new Set(known.requirements)];
  const spoken = spokenAs.filter(([, words]) => words.test(text)).map(([name]) => name);
  const special = new Set(spokenAs.map(([name]) => name));
  const own = named.filter((name) => !special.has(name) && mentions(text, name, named));
  const variables = [...new Set(known.variables)].filter((name) => hasWords(text, plain(name)));
  return { requirements: [...own, ...spoken], variables };
}

/** Words of approval: a clause with one of them and no negation finds no fault. */
const approval =
  /\b(?:fine|ok|okay|holds?|acceptable|good|correct|met|satisf\w+|in order|right|keeps? to|no (?:problem|issue|concern|complaint)s?)\b/;
const negation = /\b(?:not|n't|no longer|never|neither|nor|un\w+|cannot|fails?|hardly)\b|n't\b/;

/** The clauses that object, without the values that are quoted from the design. */
function faultsOf(objection: string): string {
  return plain(objection.replace(/\([^()]*=[^()]*\)/g, " "))
    .split(/[.;:!?](?:\s|$)|,\s|\b(?:but|however|while|whereas|although|though|yet)\b/)
    .filter((clause) => !approval.test(clause) || negation.test(clause))
    .join(" . ");
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll("_", " ").replaceAll(/\s+/g, " ").trim();
}

function hasWords(text: string, words: string): boolean {
  const at = text.indexOf(words);
  if (words === "" || at < 0) return false;
  const around = `${text[at - 1] ?? " "}${text[at + words.length] ?? " "}`;
  return !/[a-z0-9]/.test(around) || hasWords(text.slice(at + 1), words);
}

const wordMin = 4;

/** A requirement is meant by its whole name, or by a word of it that no other requirement's name has. */
function mentions(text: string, name: string, all: readonly string[]): boolean {
  if (hasWords(text, plain(name))) return true;
  const others = new Set(all.filter((other) => other !== name).flatMap((o) => plain(o).split(" ")));
  return plain(name)
    .split(" ")
    .some((word) => word.length >= wordMin && !others.has(word) && hasWords(text, word));
}

/**
 * True when the trace proves that the requirement failed already in the design before: nothing that moves it was
 * changed, or only towards its good side, or the tools had said so of that very design. False when it proves nothing.
 */
export function failedAlready(
  run: EvidenceRun,
  requirement: Requirement | undefined,
  before: Submission,
  after: Submission | null,
): boolean {
  const changes = after === null ? new Map<string, 1 | -1>() : changesBetween(before, after);
  if (after === null || (changes.size === 0 && before.rest === after.rest)) return true;
  if (requirement === undefined) return false;
  const { levers } = requirement;
  if (levers.size > 0 && before.rest === after.rest) {
    const moved = [...changes].filter(([name]) => levers.has(name));
    if (moved.every(([name, sign]) => levers.get(name) === sign)) return true;
  }
  return saidToFail(run, requirement.name, before);
}

function saidToFail({ steps }: EvidenceRun, name: string, design: Submission): boolean {
  return steps.some((step, index) => {
    const answer = checksAnswer.safeParse(step.data);
    if (step.kind !== "tool-result" || !answer.success) return false;
    const call = steps
      .slice(0, index)
      .findLast(({ kind, toolName }) => kind === "tool-call" && toolName === step.toolName);
    const tried = called.safeParse(call?.data);
    if (!tried.success) return false;
    const same = changesBetween(design, { ...design, design: tried.data.design }).size === 0;
    return same && answer.data.checks.some((check) => check.name === name && !check.satisfied);
  });
}
