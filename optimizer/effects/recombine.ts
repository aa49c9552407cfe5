/**
 * A prompt put together from what other prompts of the run are made of, by what each piece is expected to be worth. One child
 * carries several edits, so each of its trials tells of all of them (as in a factorial design: Fisher 1935).
 */
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { parseGenome, renderGenome } from "#lib/genome/document.ts";
import {
  type Instruction,
  insertInstruction,
  instructionsOf,
  withoutSegment,
} from "#lib/genome/edit.ts";
import {
  type FewShotExample,
  isUsableExample,
  shownExamples,
  withExample,
  withoutExample,
} from "#lib/genome/examples.ts";
import type { SearchPrompt } from "../ports.ts";
import { exampleTrait, instructionTrait } from "./traits.ts";

export interface Pieces {
  /** Instructions of all prompts that were measured. */
  instructions: readonly (Pick<Instruction, "section" | "text"> & { promptId: string })[];
  /** Examples that some of them show. */
  examples: readonly { example: FewShotExample; promptId: string }[];
}

export interface RecombineOptions {
  pieces: Pieces;
  protectedTexts: readonly string[];
  /** What having a trait is taken to be worth in this child, in units of success; null for a trait nobody has tried. */
  worthOf: (trait: string) => number | null;
  /** Most pieces that are added or taken away. */
  changesMax: number;
  charactersMax: number;
}

/** A genome put together, the traits that changed, and the prompts whose pieces it took. */
export interface Recombined {
  genome: PromptGenome;
  changed: string[];
  donorIds: string[];
}

interface Change {
  donorId: string | null;
  gain: number;
  apply: (content: string) => string | null;
  trait: string;
}

const examplesMax = 5;
/** A piece costs tokens on every call: it must promise this much to be added. */
const gainMin = 0.005;

/** The pieces of these prompts, each with the first prompt that holds it. */
export function piecesOf(
  prompts: readonly Pick<SearchPrompt, "id" | "genome">[],
  examples: readonly FewShotExample[],
  protectedTexts: readonly string[],
): Pieces {
  const instructions = new Map<string, Pieces["instructions"][number]>();
  for (const { id, genome } of prompts) {
    const { rest } = shownExamples(genome.content);
    for (const { section, text, locked } of instructionsOf(parseGenome(rest, protectedTexts))) {
      const trait = instructionTrait(text);
      if (!locked && !instructions.has(trait))
        instructions.set(trait, { section, text, promptId: id });
    }
  }
  return {
    instructions: [...instructions.values()],
    examples: examples.flatMap((example) => {
      const holder = prompts.find(({ genome }) => genome.content.includes(example.input.trim()));
      return holder === undefined ? [] : [{ example, promptId: holder.id }];
    }),
  };
}

/** The genome with the most promising changes, and the traits that changed; null when no change promises anything. */
export function recombine(genome: PromptGenome, options: RecombineOptions): Recombined | null {
  const { changesMax, charactersMax } = options;
  const changes = [...additions(genome, options), ...removals(genome, options)]
    .filter(({ gain }) => gain > gainMin)
    .sort((a, b) => b.gain - a.gain);
  let content = genome.content;
  const changed: string[] = [];
  const donorIds: string[] = [];
  for (const change of changes) {
    if (changed.length === changesMax) break;
    const next = change.apply(content);
    if (next === null || next === content || next.length > charactersMax) continue;
    content = next;
    changed.push(change.trait);
    if (change.donorId !== null) donorIds.push(change.donorId);
  }
  return changed.length === 0 ? null : { genome: { ...genome, content }, changed, donorIds };
}

function additions({ content }: PromptGenome, options: RecombineOptions): Change[] {
  const { pieces, protectedTexts, worthOf } = options;
  const own = new Set(
    instructionsOf(parseGenome(content, protectedTexts)).map(({ text }) => instructionTrait(text)),
  );
  const instructions = pieces.instructions.flatMap(({ section, text, promptId }): Change[] => {
    const trait = instructionTrait(text);
    const gain = worthOf(trait);
    if (own.has(trait) || gain === null) return [];
    own.add(trait);
    const apply = (to: string) =>
      renderGenome(insertInstruction(parseGenome(to, protectedTexts), section || null, text));
    return [{ donorId: promptId, trait, gain, apply }];
  });
  const usable = pieces.examples.filter(({ example }) => isUsableExample(example));
  const examples = usable.flatMap(({ example, promptId }): Change[] => {
    const trait = exampleTrait(example);
    const gain = worthOf(trait);
    if (content.includes(example.input.trim()) || gain === null) return [];
    const apply = (to: string) =>
      shownExamples(to).examples.length >= examplesMax ? null : withExample(to, example);
    return [{ donorId: promptId, trait, gain, apply }];
  });
  return [...instructions, ...examples];
}

function removals({ content }: PromptGenome, options: RecombineOptions): Change[] {
  const { pieces, protectedTexts, worthOf } = options;
  const instructions = instructionsOf(parseGenome(content, protectedTexts))
    .filter(({ locked }) => !locked)
    .flatMap(({ text }): Change[] => {
      const trait = instructionTrait(text);
      const worth = worthOf(trait);
      if (worth === null) return [];
      const apply = (from: string) => {
        const document = parseGenome(from, protectedTexts);
        const at = instructionsOf(document).find((own) => instructionTrait(own.text) === trait);
        return at === undefined ? null : renderGenome(withoutSegment(document, at.index));
      };
      return [{ donorId: null, trait, gain: -worth, apply }];
    });
  const examples = pieces.examples.flatMap(({ example }): Change[] => {
    const trait = exampleTrait(example);
    const worth = worthOf(trait);
    if (!content.includes(example.input.trim()) || worth === null) return [];
    const apply = (from: string) => {
      const index = shownExamples(from).examples.findIndex((text) =>
        text.includes(example.input.trim()),
      );
      return index < 0 ? null : withoutExample(from, index);
    };
    return [{ donorId: null, trait, gain: -worth, apply }];
  });
  return [...instructions, ...examples];
}
