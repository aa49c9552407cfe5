import { expect, test } from "vitest";
import { makeVerdict } from "#tests/factories.ts";
import { readVerdict } from "./stored-verdict.ts";

const estimate = (value: number) => ({ value, low: value - 0.1, high: value + 0.1, n: 25 });
const earlier = {
  kind: "promote-eligible",
  sentence: "Better on these benchmarks: 20 % → 72 %.",
  baselineSuccess: estimate(0.2),
  candidateSuccess: estimate(0.72),
  difference: estimate(0.52),
  pValue: 0.001,
  pValueHolm: 0.003,
  costRatio: estimate(1.2),
  latencyRatio: estimate(1),
  controls: [{ benchmarkId: "b", externalId: "case-1", passes: 5, failures: 0, state: "clear" }],
  holdout: null,
  repeatsToDecide: null,
  cautions: ["The holdout is small (n = 10)."],
};

test("a verdict of version 0.1 reads on, names its rules first and claims nothing about sealed rows", () => {
  const verdict = readVerdict(earlier);
  expect(verdict).toMatchObject({ kind: "promote-eligible", reason: "earlier-rules", proof: null });
  expect(verdict?.cautions[0]).toContain("version 0.1");
  expect(verdict?.cautions).toContain("The holdout is small (n = 10).");
  expect(verdict?.targets?.candidateSuccess.value).toBe(0.72);
  expect(verdict?.controls[0]).toMatchObject({ required: false, state: "clear" });
});

test("a verdict of today is read as it was written, and none stays none", () => {
  const verdict = makeVerdict();
  expect(readVerdict(JSON.parse(JSON.stringify(verdict)))).toEqual(verdict);
  expect(readVerdict(null)).toBeNull();
});

test("what is no verdict is refused instead of being shown", () => {
  expect(() => readVerdict({ kind: "promote-eligible" })).toThrow();
});
