/** Understands a prompt's instructions: which habits it asks for, how strongly and how late. */
import { readInstructions } from "./instructions.ts";
import { type Concept, type Habit, habitNames, lexicon } from "./lexicon.ts";
import { stanceOf, stanceOfPhrase } from "./polarity.ts";

export interface Asked {
  /** −1 forbidden … 0 not mentioned … about 1.2 asked for with emphasis. */
  strength: number;
  /** Depth of its clearest mention, 0 at the beginning, 1 at the end of the prompt. */
  depth: number;
  /** Length of the instruction of that mention in words: short ones stick. */
  words: number;
}

export type Habits = Readonly<Record<Habit, Asked>>;

/** A demonstration shows a habit; that counts for part of saying it. */
const demonstrationStrength = 0.5;
const repetitionBonus = 0.06;
const contradictionShare = 0.55;

/** Reads every habit that the prompt asks for or forbids. */
export function readHabits(prompt: string): Habits {
  const { instructions, demonstrations } = readInstructions(prompt);
  const read = instructions.map((instruction) => ({
    stances: stancesOf(instruction.text, instruction.clauses),
    depth: instruction.depth,
    words: instruction.text.split(" ").length,
  }));
  return byHabit((habit) =>
    summarise(
      read.map(({ stances, depth, words }) => ({ stance: stances[habit], depth, words })),
      demonstrations.some((line) => demonstrates(line, lexicon[habit])),
    ),
  );
}

type Stances = Readonly<Record<Habit, number>>;

/** Sentences understood before: agents read the same rules in every run. Only what they mean is kept. */
const understood = new Map<string, Stances>();
const understoodMax = 5_000;

function stancesOf(text: string, clauses: readonly string[]): Stances {
  const known = understood.get(text);
  if (known !== undefined) return known;
  const stances = byHabit((habit) =>
    clauses
      .map((clause) => conceptStance(clause, lexicon[habit]))
      .reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0),
  );
  if (understood.size >= understoodMax) understood.clear();
  understood.set(text, stances);
  return stances;
}

export function byHabit<T>(pick: (habit: Habit) => T): Record<Habit, T> {
  const entries = habitNames.map((habit) => [habit, pick(habit)] as const);
  return Object.fromEntries(entries) as Record<Habit, T>;
}

interface Mention {
  stance: number;
  depth: number;
  words: number;
}

function summarise(mentions: readonly Mention[], isShown: boolean): Asked {
  const asking = mentions.filter(({ stance }) => stance > 0);
  const forbidding = mentions.filter(({ stance }) => stance < 0);
  const best = strongest(asking);
  const worst = strongest(forbidding);
  if (best === undefined) {
    if (worst !== undefined)
      return { strength: worst.stance, depth: worst.depth, words: worst.words };
    return { strength: isShown ? demonstrationStrength : 0, depth: 0.5, words: 0 };
  }
  const repeated = 1 + repetitionBonus * Math.min(2, asking.length - 1);
  // Who reads "always" and "never" about the same thing follows neither reliably.
  const contradicted = forbidding.length > 0 ? contradictionShare : 1;
  return {
    strength: Math.min(1.2, best.stance * repeated) * contradicted,
    depth: best.depth,
    words: best.words,
  };
}

/** An example need not ask: that it tells of the thing being done is enough. */
function demonstrates(line: string, { topics, phrases = [], inverse, except }: Concept): boolean {
  if (inverse === true || except?.test(line) === true) return false;
  const told = [...topics.map(({ about }) => about), ...phrases].map((pattern) =>
    line.search(pattern),
  );
  return told.some(
    (at) => at >= 0 && !/\b(?:not|never|no|without|skipped)\b/.test(line.slice(0, at)),
  );
}

function strongest<T extends { stance: number }>(mentions: readonly T[]): T | undefined {
  return [...mentions].sort((a, b) => Math.abs(b.stance) - Math.abs(a.stance))[0];
}

/** The stance of one clause towards one habit; see polarity.ts for the scale. */
function conceptStance(clause: string, concept: Concept): number {
  if (concept.except?.test(clause) === true) return 0;
  const sign = concept.inverse === true ? -1 : 1;
  for (const pattern of concept.phrases ?? []) {
    const stance = stanceOfPhrase(clause, pattern);
    if (stance !== 0) return stance;
  }
  if (concept.counters?.some((pattern) => pattern.test(clause)) === true) return -0.9 * sign;
  const stances = concept.topics.map((topic) => stanceOf(clause, topic));
  return sign * stances.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
}
