/**
 * The sentences that a world's proposer can write. Sentences of one group say the same: a prompt that holds two of them acts like a
 * prompt that holds one, and so does one that says it in other words. Such twins in behaviour are most of what edits make.
 */
import { type Draws, draw } from "#lib/random.ts";
import { words } from "./rows.ts";

export const groupKinds = ["good", "weak", "swap", "harmful", "idle"] as const;
export type GroupKind = (typeof groupKinds)[number];

export interface Sentence {
  group: number;
  /** The same sentence in more and fewer words, the shortest last. */
  wordings: readonly string[];
}

export interface SentenceGroup {
  index: number;
  kind: GroupKind;
  /** Label of the failures that its sentences speak of; the proposer reads failures, and offers these a little more often. */
  focus: string;
  sentences: readonly Sentence[];
}

export type GroupCounts = Readonly<Record<GroupKind, number>>;

/** Sentences that say the same, by kind: at least one, with the second by this chance. */
const twinChance: Readonly<Record<GroupKind, number>> = {
  good: 0.5,
  weak: 0.5,
  swap: 0.4,
  harmful: 0.2,
  idle: 0,
};

/** Makes the pool of one seed. No two sentences share their words. */
export function makePool(
  seed: number,
  counts: GroupCounts,
  labels: readonly string[],
): SentenceGroup[] {
  const draws = draw("label-world", "pool", seed);
  const taken = new Set<string>();
  const kinds = groupKinds.flatMap((kind) => Array<GroupKind>(counts[kind]).fill(kind));
  return kinds.map((kind, index) => {
    const count = draws.chance(twinChance[kind]) ? 2 : 1;
    const sentences = Array.from({ length: count }, () => ({
      group: index,
      wordings: wordingsOf(freshKeywords(draws, taken)),
    }));
    return { index, kind, focus: draws.pick(labels), sentences };
  });
}

type Keywords = readonly [string, string, string, string];

function freshKeywords(draws: Draws, taken: Set<string>): Keywords {
  for (let attempt = 0; attempt < 100; attempt++) {
    const [a = "", b = "", c = "", d = ""] = draws.shuffle(words);
    const key = `${a} ${b} ${c} ${d}`;
    if (taken.has(key)) continue;
    taken.add(key);
    return [a, b, c, d];
  }
  throw new Error("there are too few words for so many sentences");
}

function wordingsOf([a, b, c, d]: Keywords): string[] {
  return [
    `Whenever a message speaks of ${a} together with ${b}, look at the ${c} first and decide by the ${d} only after that.`,
    `If ${a} and ${b} appear, check the ${c} before the ${d}.`,
    `With ${a} and ${b}: ${c} before ${d}.`,
  ];
}

/** Groups that a text holds a sentence of, in any wording, ascending. */
export function groupsIn(text: string, pool: readonly SentenceGroup[]): number[] {
  return pool
    .filter(({ sentences }) =>
      sentences.some(({ wordings }) => wordings.some((wording) => text.includes(wording))),
    )
    .map(({ index }) => index);
}
