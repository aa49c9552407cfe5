/** What a prompt is made of, piece by piece, so that prompts can be told to share some of it. */
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { parseGenome, renderGenome } from "#lib/genome/document.ts";
import { instructionsOf } from "#lib/genome/edit.ts";
import { type FewShotExample, shownExamples } from "#lib/genome/examples.ts";
import type { TraitDifference } from "./effect-model.ts";

/** Kinds of traits, each with how much one may be expected to change success, as a standard deviation. */
const deviations = {
  says: 0.12,
  shows: 0.05,
  anyExample: 0.12,
  setting: 0.05,
  model: 0.12,
  tool: 0.08,
} as const;
type TraitKind = keyof typeof deviations;

/**
 * The traits of a prompt: each instruction and other line that it says, each example that it shows and that it shows any, its
 * settings and tools. Case and white space make no other trait. A model that is not set is the agent type's default.
 */
export function traitsOf({ content, parameters, tools }: PromptGenome): Set<string> {
  const { examples, rest } = shownExamples(content);
  const document = parseGenome(rest);
  const other = document.segments
    .filter(({ kind }) => kind !== "marker" && kind !== "instruction")
    .map((segment) => renderGenome({ segments: [segment] }))
    .filter((text) => text.trim() !== "");
  const { model = "default", ...settings } = parameters;
  return new Set([
    ...instructionsOf(document).map(({ text }) => instructionTrait(text)),
    ...other.map(instructionTrait),
    ...examples.map((text) => trait("shows", text)),
    ...(examples.length > 0 ? [trait("anyExample", "")] : []),
    ...Object.entries(settings).map(([name, value]) => trait("setting", `${name} ${value}`)),
    trait("model", model),
    ...tools.map((tool) => trait("tool", tool)),
  ]);
}

/** The trait of saying this. */
export function instructionTrait(text: string): string {
  return trait("says", text);
}

/** The trait of showing this example in a conversation prompt. */
export function exampleTrait({ input, answer }: FewShotExample): string {
  return trait("shows", `user: ${input} assistant: ${answer}`);
}

/** What a prompt has and lacks beside another, in the order of their texts. */
export function traitDifference(
  own: ReadonlySet<string>,
  today: ReadonlySet<string>,
): TraitDifference {
  return {
    gained: [...own].filter((one) => !today.has(one)),
    lost: [...today].filter((one) => !own.has(one)),
  };
}

/** Standard deviation of what a trait does to success, before anybody has tried it. */
export function traitDeviation(one: string): number {
  const [kind = ""] = one.split(" ", 1);
  return isKind(kind) ? deviations[kind] : deviations.says;
}

function isKind(text: string): text is TraitKind {
  return Object.hasOwn(deviations, text);
}

function trait(kind: TraitKind, text: string): string {
  return `${kind} ${text.replace(/\s+/g, " ").trim().toLowerCase()}`;
}
