import { expect, test } from "vitest";
import { readHabits } from "./habits.ts";
import { recallHabits, recallProbability } from "./recall.ts";
import { abilities } from "./variants.ts";

const asked = readHabits("Check the cost before you submit.");
const silent = readHabits("Be kind.");
const forbidden = readHabits("Ignore the cost.");
const now = { seed: 1, tokens: 200, temperature: 0.7, ability: abilities.standard };
const probability = (habits: typeof asked, overrides: Partial<typeof now> = {}) =>
  recallProbability("cost", habits, { ...now, ...overrides });

test("asked for is likelier than not mentioned, forbidden is rarer", () => {
  expect(probability(asked)).toBeGreaterThan(0.9);
  expect(probability(silent)).toBeLessThan(0.5);
  expect(probability(forbidden)).toBe(0);
});

test("memory fades with length and with temperature", () => {
  const lengths = [100, 400, 900, 1_600, 3_000].map((tokens) => probability(asked, { tokens }));
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
  expect(lengths.at(-1)).toBeLessThan(0.5);
  const heats = [0, 0.5, 1, 1.5, 2].map((temperature) => probability(asked, { temperature }));
  expect(heats).toEqual([...heats].sort((a, b) => b - a));
  expect(heats.at(-1)).toBeLessThan((heats[0] ?? 0) - 0.05);
});

test("what stands late in a long prompt is remembered worse", () => {
  const early = readHabits(`Check the cost.${"\nBe kind.".repeat(300)}`);
  const late = readHabits(`${"Be kind.\n".repeat(300)}Check the cost.`);
  expect(probability(late, { tokens: 900 })).toBeLessThan(probability(early, { tokens: 900 }));
});

test("a run with the same seed shows at least the habits it showed at a lower probability", () => {
  for (let seed = 0; seed < 300; seed++) {
    const long = recallHabits(asked, { ...now, seed, tokens: 2_000 });
    const short = recallHabits(asked, { ...now, seed, tokens: 100 });
    if (long.cost) expect(short.cost).toBe(true);
  }
});

test("the share of runs that show a habit is its probability", () => {
  const shown = Array.from({ length: 2_000 }, (_, seed) => recallHabits(asked, { ...now, seed }));
  const share = shown.filter((habits) => habits.cost).length / shown.length;
  expect(Math.abs(share - probability(asked))).toBeLessThan(0.02);
});

test("larger models remember better", () => {
  const long = (ability: typeof now.ability) => probability(asked, { ability, tokens: 1_200 });
  expect(long(abilities.small)).toBeLessThan(long(abilities.standard));
  expect(long(abilities.standard)).toBeLessThan(long(abilities.large));
});
