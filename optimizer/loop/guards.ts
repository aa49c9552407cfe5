/**
 * Guards: checks of a child before any money is spent on it. Cheap ones first; the sanity check by an inexpensive
 * model comes last. A refusal is data with its reason, shown to people and to the proposer.
 */
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { promptContentMaxBytes } from "#lib/domain/prompt.ts";
import { checkTemplate } from "#lib/template/check.ts";
import type { AgentProfile, Completer } from "../ports.ts";
import { sanityCheck } from "../proposer/sanity-check.ts";

export type GuardName =
  | "syntax"
  | "variables"
  | "protected-text"
  | "size"
  | "copy"
  | "unchanged"
  | "duplicate"
  | "sanity";

export type GuardOutcome = { ok: true } | { ok: false; guard: GuardName; reason: string };

export interface GuardContext {
  agent: AgentProfile;
  parent: PromptGenome;
  /** Texts of the benchmarks that score the child: none may be copied into the prompt. */
  benchmarkTexts: readonly string[];
  completer: Completer;
  modelSeed: number;
}

/** A child may be at most this many times as long as its parent; below the floor it may grow freely. */
const growthMax = 2.5;
const growthFloorCharacters = 4_000;
/** The most characters that a child of a prompt this long may have. */
export function lengthCap(parentCharacters: number): number {
  return Math.max(growthFloorCharacters, parentCharacters * growthMax);
}

const copiedWordsRun = 8;
const copiedShareMax = 0.15;

/** The free checks: nothing is sent anywhere. */
export function checkFree(child: PromptGenome, context: GuardContext): GuardOutcome {
  const { agent, parent } = context;
  const bytes = new TextEncoder().encode(child.content).length;
  if (bytes > promptContentMaxBytes)
    return refuse("size", `the prompt has ${bytes} bytes; 65,536 are allowed`);
  if (child.content.length > lengthCap(parent.content.length)) {
    return refuse(
      "size",
      `the prompt grew from ${parent.content.length} to ${child.content.length} characters`,
    );
  }
  const template = checkTemplate(child.content, { requiredVariables: agent.requiredVariables });
  if (!template.ok) {
    const first = template.refusals[0];
    const missing = template.refusals.some((refusal) => refusal.construct === "variable");
    return refuse(missing ? "variables" : "syntax", first?.reason ?? "the template is not valid");
  }
  const lost = agent.protectedTexts.find(
    (text) => parent.content.includes(text) && !child.content.includes(text),
  );
  if (lost !== undefined)
    return refuse("protected-text", `the protected text "${lost.slice(0, 80)}" is gone`);
  const override = overrideIn(child.content);
  if (override !== null && overrideIn(parent.content) === null) {
    return refuse("sanity", `override: it says "${override}"`);
  }
  if (copiesBenchmarks(child.content, parent.content, context.benchmarkTexts)) {
    return refuse("copy", "the added text copies benchmark texts that score this prompt");
  }
  return { ok: true };
}

const overridePattern =
  /(?<!\b(?:never|not|n't) )\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,40}\b(?:instructions?|rules?|prompts?|guidelines?|safety)\b[^.\n]{0,60}/i;

/** Words that tell an agent to drop its instructions: refused whatever the sanity model thinks of them. */
function overrideIn(content: string): string | null {
  return overridePattern.exec(content)?.[0] ?? null;
}

/** All guards, the sanity model last; it sees only text that changed. */
export async function guard(child: PromptGenome, context: GuardContext): Promise<GuardOutcome> {
  const free = checkFree(child, context);
  if (!free.ok || child.content === context.parent.content) return free;
  const verdict = await sanityCheck(
    {
      content: child.content,
      parentContent: context.parent.content,
      purpose: context.agent.description,
      seed: context.modelSeed,
    },
    context.completer,
  );
  return verdict.ok ? { ok: true } : refuse("sanity", `${verdict.category}: ${verdict.reason}`);
}

/** True when too much of what was added to the parent's text stands in these benchmarks word by word. */
export function copiesBenchmarks(
  child: string,
  parent: string,
  benchmarkTexts: readonly string[],
): boolean {
  return copiedShare(child, parent, benchmarkTexts) > copiedShareMax;
}

/** Share of the added words that stand in runs of eight copied from a benchmark. */
function copiedShare(child: string, parent: string, benchmarks: readonly string[]): number {
  const known = new Set(wordRuns(parent));
  const added = wordRuns(child).filter((run) => !known.has(run));
  if (added.length === 0) return 0;
  const foreign = new Set(benchmarks.flatMap(wordRuns));
  return added.filter((run) => foreign.has(run)).length / added.length;
}

function wordRuns(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return Array.from({ length: Math.max(0, words.length - copiedWordsRun + 1) }, (_, i) =>
    words.slice(i, i + copiedWordsRun).join(" "),
  );
}

function refuse(guardName: GuardName, reason: string): GuardOutcome {
  return { ok: false, guard: guardName, reason };
}
