/** What an objection is about, as far as its words and the tools' answers in the same trace tell. */
import { z } from "zod";
import type { Failure } from "#lib/domain/trial.ts";
import type { EvidenceRun } from "../evidence.ts";
import { changesBetween, type Submission } from "./talk.ts";

/** A requirement with the sign by which each variable moves it to its good side. */
export interface Requirement {
  name: string;
  limit: number | null;
  levers: ReadonlyMap<string, 1 | -1>;
}

export interface Subject {
  /** Requirements the objection finds fault with, by name. */
  requirements: readonly string[];
  /** Variables it wants changed, with the sign where its words have one. */
  variables: ReadonlyMap<string, 1 | -1 | null>;
}

const cost = "cost";
const collisions = "collisions";
const range = "range";
const submission = "submission";

/** Requirements that have no name of their own in the answers of the tools, by their words. */
const spokenAs: readonly (readonly [name: string, words: RegExp])[] = [
  [cost, /\b(?:cost\w*|budget\w*|expensive|price\w*|usd|dear)\b/],
  [
    collisions,
    /\b(?:collid\w*|collision\w*|overlap\w*|interfer\w*|clash\w*|geometr\w*|consisten\w*)\b/,
  ],
  [range, /\b(?:ranges?|out of bounds|outside|units?|whole number)\b/],
  [submission, /\b(?:submit\w*|submission|hand(?:ed)? in)\b/],
];

const checksAnswer = z.object({
  checks: z.array(
    z.object({
      name: z.string(),
      limit: z.number(),
      satisfied: z.boolean(),
      raise: z.array(z.string()),
      lower: z.array(z.string()),
    }),
  ),
});
const costAnswer = z.object({
  maxCostUsd: z.number(),
  satisfied: z.boolean(),
  drivers: z.array(z.string()),
});
const called = z.object({ design: z.record(z.string(), z.number()) });

/** The requirement a run failed at, under the name that `subjectOf` uses for it; null when it is not known. */
export function failedRequirement(failure: Failure | null): string | null {
  if (failure === null) return null;
  if (["no-submission", "step-limit", "tool-error"].includes(failure.errorClass)) return submission;
  const check = failure.failedCheck;
  if (check === undefined) return null;
  return check.endsWith("within its range") ? range : check;
}

/** Every requirement that the tools' answers in the trace or the run's failure speak of, by name. */
export function requirementsOf({ steps, failure }: EvidenceRun): Map<string, Requirement> {
  const found = new Map<string, Requirement>();
  const failed = failedRequirement(failure);
  if (failed !== null)
    found.set(failed, { name: failed, limit: statedLimit(failure), levers: new Map() });
  for (const { kind, data } of steps) {
    if (kind !== "tool-result") continue;
    for (const { requirement } of answersIn(data)) found.set(requirement.name, requirement);
  }
  return found;
}

/** The limit that the failure's message names: "… is 4.1 mm, required <= 3.9 mm." */
function statedLimit(failure: Failure | null): number | null {
  const stated = /required [<>]=? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/.exec(failure?.message ?? "");
  return stated === null ? null : Number(stated[1]);
}

/** What one answer of a tool says of requirements. */
function answersIn(data: unknown): { requirement: Requirement; satisfied: boolean }[] {
  const checks = checksAnswer.safeParse(data).data?.checks ?? [];
  const price = costAnswer.safeParse(data).data;
  return [
    ...checks.map(({ name, limit, satisfied, raise, lower }) => ({
      requirement: { name, limit, levers: leversOf(raise, lower) },
      satisfied,
    })),
    ...(price === undefined
      ? []
      : [
          {
            requirement: {
              name: cost,
              limit: price.maxCostUsd,
              levers: leversOf([], price.drivers),
            },
            satisfied: price.satisfied,
          },
        ]),
  ];
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
  known: { requirements: ReadonlyMap<string, Requirement>; variables: readonly string[] },
): Subject {
  const text = faultsOf(objection);
  const spoken = spokenAs.filter(([, words]) => words.test(text)).map(([name]) => name);
  const special = new Set(spokenAs.map(([name]) => name));
  const named = [...known.requirements.keys()].filter((name) => !special.has(name));
  const isNamed = nameReader(text, named, known.variables);
  const figures = figuresIn(text);
  const quoted = [...known.requirements.values()]
    .filter(({ limit }) => limit !== null && figures.has(limit))
    .map(({ name }) => name);
  const variables = new Map<string, 1 | -1 | null>();
  for (const name of known.variables)
    if (hasWords(text, plain(name))) variables.set(name, directionOf(text, plain(name)));
  return {
    requirements: [...new Set([...named.filter(isNamed), ...spoken, ...quoted])],
    variables,
  };
}

/** Figures of a text but percentages: a limit that is quoted names its requirement. */
function figuresIn(text: string): Set<number> {
  const found = text.matchAll(/(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\d%]| %|\.\d)/g);
  return new Set([...found].map(([figure]) => Number(figure)));
}

const larger = "increas\\w*|rais\\w*|enlarg\\w*|larger|bigger|thicker|wider|longer|more";
const smaller = "reduc\\w*|decreas\\w*|lower\\w*|shrink\\w*|smaller|thinner|shorter|less";
const tooLittle = "too (?:small|low|thin|short|narrow|little|few)";
const tooMuch = "too (?:large|big|high|thick|long|wide|much|many)";

/** Which way a variable is to move, by the words right before it or behind it; null when they do not say. */
function directionOf(text: string, variable: string): 1 | -1 | null {
  const near = (before: string, behind: string) =>
    new RegExp(
      `\\b(?:${before}) (?:the )?${variable}\\b|\\b${variable} (?:is|are|looks|seems) (?:${behind})\\b`,
    ).test(text);
  if (near(larger, tooLittle)) return 1;
  return near(smaller, tooMuch) ? -1 : null;
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

/**
 * A requirement is meant by its whole name, or by a word of it that belongs to no other requirement and no variable: of
 * "bending stress" and "tip deflection" either word, of "solid length" beside a variable length_mm only "solid".
 */
function nameReader(
  text: string,
  requirements: readonly string[],
  variables: readonly string[],
): (name: string) => boolean {
  const wordsOf = (name: string) => new Set(plain(name).split(" "));
  const taken = new Map<string, number>();
  for (const name of requirements)
    for (const word of wordsOf(name)) taken.set(word, (taken.get(word) ?? 0) + 1);
  for (const word of variables.flatMap((name) => [...wordsOf(name)])) taken.set(word, 2);
  return (name) =>
    hasWords(text, plain(name)) ||
    [...wordsOf(name)].some(
      (word) => word.length >= wordMin && taken.get(word) === 1 && hasWords(text, word),
    );
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

/** True when a tool had said of this very design that the requirement is not met. */
export function saidToFail({ steps }: EvidenceRun, name: string, design: Submission): boolean {
  return steps.some((step, index) => {
    if (step.kind !== "tool-result") return false;
    const misses = answersIn(step.data).some(
      ({ requirement, satisfied }) => requirement.name === name && !satisfied,
    );
    if (!misses) return false;
    const call = steps
      .slice(0, index)
      .findLast(({ kind, toolName }) => kind === "tool-call" && toolName === step.toolName);
    const tried = called.safeParse(call?.data);
    return (
      tried.success && changesBetween(design, { ...design, design: tried.data.design }).size === 0
    );
  });
}
