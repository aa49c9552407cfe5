/** Texts as bags of words: how alike two of them are, without a model. */

export type WordBag = ReadonlyMap<string, number>;

/** Words and numbers of a text with how often each occurs, in lower case. */
export function wordBag(text: string): WordBag {
  const bag = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    bag.set(word, (bag.get(word) ?? 0) + 1);
  return bag;
}

/** What `to` has more or less of than `from`: words added count up, words removed count down. */
export function bagDifference(to: WordBag, from: WordBag): WordBag {
  const difference = new Map<string, number>();
  for (const word of new Set([...to.keys(), ...from.keys()])) {
    const change = (to.get(word) ?? 0) - (from.get(word) ?? 0);
    if (change !== 0) difference.set(word, change);
  }
  return difference;
}

/** Cosine of the angle between two bags, -1..1; 0 when one is empty. */
export function cosine(a: WordBag, b: WordBag): number {
  const norm = Math.sqrt(squares(a) * squares(b));
  if (norm === 0) return 0;
  let dot = 0;
  for (const [word, count] of a) dot += count * (b.get(word) ?? 0);
  return dot / norm;
}

function squares(bag: WordBag): number {
  let sum = 0;
  for (const count of bag.values()) sum += count * count;
  return sum;
}
