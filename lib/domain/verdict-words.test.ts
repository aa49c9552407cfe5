import { expect, test } from "vitest";
import { verdictReasons } from "./experiment.ts";
import { chosenRowFigures, ordinalWords, verdictReasonWords } from "./verdict-words.ts";

test("each reason of a verdict has a sentence of its own", () => {
  const sentences = verdictReasons.map((reason) => verdictReasonWords[reason]);
  expect(new Set(sentences).size).toBe(verdictReasons.length);
});

test("figures of chosen rows are shown only where no sealed row was measured and they were run", () => {
  const rate = (value: number, n: number) => ({ value, low: 0, high: 1, n });
  const targets = { baselineSuccess: rate(0.2, 20), candidateSuccess: rate(0.72, 20) };
  const empty = { baselineSuccess: rate(0, 0), candidateSuccess: rate(0, 0) };
  const proof = {
    rows: 40,
    rowsPlanned: 40,
    trials: 80,
    looks: 4,
    looksPlanned: 4,
    ordinal: 1,
    alpha: 0.025,
    gainAlpha: 0.02,
    won: 1,
    lost: 1,
    smallestGain: 0.2,
  };
  expect(chosenRowFigures({ proof: null, targets })).toEqual(targets);
  expect(chosenRowFigures({ proof, targets })).toBeNull();
  expect(chosenRowFigures({ proof: null, targets: empty })).toBeNull();
  expect(chosenRowFigures({ proof: null, targets: null })).toBeNull();
});

test("the proofs against a prompt are counted in words, and by number when they are many", () => {
  expect([1, 2, 3, 6].map(ordinalWords)).toEqual(["first", "second", "third", "number 6"]);
});
