import { expect, test } from "vitest";
import { makeVerdict } from "#tests/factories.ts";
import { verdictFacts } from "./verdict-facts.ts";

const plain = (text: string | undefined) => text?.replaceAll("\u00a0", " ");
const factsOf = (verdict: Parameters<typeof makeVerdict>[0]) =>
  new Map(verdictFacts(makeVerdict(verdict)).map(([name, value]) => [name, plain(value)]));

test("a proof's facts hold its difference with the level, n in rows and trials, threshold and ordinal", () => {
  const facts = factsOf({});
  expect(facts.get("Difference, paired")).toBe("+30 points (+20 to +40, 96 % interval)");
  expect(facts.get("Sealed rows")).toBe("50 of 50 (100 trials, look 4 of 4)");
  expect(facts.get("p-value")).toBe("0.002 (threshold 0.020)");
  expect(facts.get("Proof against this prompt")).toBe("first (2.5 % of 5 % of error)");
  expect(facts.get("Smallest provable gain")).toBe("+25 points (four times in five)");
});

test("a verdict without sealed rows names no success before and after, and says that chosen rows prove nothing", () => {
  const rate = (value: number) => ({ value, low: 0, high: 1, n: 20 });
  const facts = factsOf({
    reason: "not-tried",
    proof: null,
    targets: { baselineSuccess: rate(0.2), candidateSuccess: rate(0.72) },
  });
  expect(facts.has("Success after")).toBe(false);
  expect(facts.has("Difference, paired")).toBe(false);
  expect(facts.get("On rows chosen because they fail")).toContain("20 % → 72 %");
  expect(facts.get("On rows chosen because they fail")).toContain("it proves nothing");
});

test("controls are counted by state, and say which drop they could have shown", () => {
  const control = (state: "clear" | "regressed" | "undecided", required: boolean) => ({
    benchmarkId: state,
    externalId: state,
    required,
    passes: 1,
    failures: 1,
    todayRate: 0.9,
    state,
  });
  const facts = factsOf({
    controls: [control("clear", true), control("regressed", false), control("undecided", false)],
    visibleControlDrop: 0.4,
  });
  expect(facts.get("Controls")).toBe(
    "1 of 3 hold, 1 lost, 1 not decided (1 required; a drop of 40 points would have shown)",
  );
});
