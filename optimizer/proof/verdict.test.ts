import { expect, test } from "vitest";
import type { ControlFacts } from "#lib/domain/experiment.ts";
import type { Measurement } from "../measurement.ts";
import type { FinalistEvidence } from "./prove.ts";
import { levelsOf, sealedEvidence, sequentialPValue, showsGain } from "./sealed-evidence.ts";
import { type VerdictContext, verdictOf } from "./verdict.ts";

const prompt = { id: "p", version: "1.0.1" } as FinalistEvidence["prompt"];
const plan = { rows: 40, repeats: 1, finalists: 1, looks: 1, trials: 80 };
const context = (changes: Partial<VerdictContext> = {}): VerdictContext => ({
  ordinal: 1,
  alpha: 0.025,
  plan,
  pValueHolm: 1,
  sideBySide: 1,
  sealedGroups: 40,
  margin: 0.05,
  judge: null,
  ...changes,
});

/** Rows that both pass, only the candidate passes, only today's prompt passes, and none passes. */
function sealed(counts: { both?: number; won?: number; lost?: number; none?: number }, cost = 1) {
  const kinds = [
    ...Array<[boolean, boolean]>(counts.both ?? 0).fill([true, true]),
    ...Array<[boolean, boolean]>(counts.won ?? 0).fill([false, true]),
    ...Array<[boolean, boolean]>(counts.lost ?? 0).fill([true, false]),
    ...Array<[boolean, boolean]>(counts.none ?? 0).fill([false, false]),
  ];
  const measured = (promptId: string, side: 0 | 1, factor: number): Measurement[] =>
    kinds.map((pair, i) => ({
      promptId,
      benchmarkId: `r${i}`,
      repeat: 0,
      success: pair[side],
      score: 0,
      costUsd: factor * (0.01 + 0.0001 * (i % 7)),
      latencyMs: 100 + (i % 5),
    }));
  const levels = levelsOf(0.025);
  const evidence = sealedEvidence(
    { baseline: measured("today", 0, 1), candidate: measured("p", 1, cost) },
    { benchmarkIds: kinds.map((_, i) => `r${i}`), fractions: [1], look: 0, levels },
  );
  return {
    evidence,
    looks: 1,
    pValue: sequentialPValue([evidence.z], [1]),
    shown: showsGain(evidence, { fractions: [1], look: 0, levels }),
  };
}

const found = (changes: Partial<FinalistEvidence> = {}): FinalistEvidence => ({
  prompt,
  targets: null,
  controls: [],
  visibleControlDrop: null,
  sealed: sealed({ both: 12, won: 14, lost: 2, none: 12 }),
  ...changes,
});
const control = (changes: Partial<ControlFacts> = {}): ControlFacts => ({
  benchmarkId: "c",
  externalId: "case-7",
  required: true,
  passes: 0,
  failures: 4,
  todayRate: 1,
  state: "regressed",
  ...changes,
});

test("a gain on sealed rows is promote-eligible, with its figures, level and sample size in the sentence", () => {
  const verdict = verdictOf(found(), context());
  expect(verdict).toMatchObject({ kind: "promote-eligible", reason: "gain-proven" });
  expect(verdict.baselineSuccess).toMatchObject({ value: 0.35, n: 40 });
  expect(verdict.candidateSuccess.value).toBe(0.65);
  expect(verdict.proof).toMatchObject({ rows: 40, trials: 80, won: 14, lost: 2, ordinal: 1 });
  expect(verdict.sentence).toContain("Better on sealed rows drawn at random. Success 35 % → 65 %");
  expect(verdict.sentence).toContain("96 % interval");
  expect(verdict.sentence).toContain("40 sealed rows, 80 trials");
});

test("a required control that is lost rejects, and the sentence names it before any figure", () => {
  const verdict = verdictOf(found({ controls: [control()] }), context());
  expect(verdict).toMatchObject({ kind: "reject", reason: "required-control-lost" });
  expect(verdict.sentence).toMatch(/^Rejected: it fails the required case-7/);
});

test("a sampled control that is lost is shown and vetoes nothing", () => {
  const verdict = verdictOf(found({ controls: [control({ required: false })] }), context());
  expect(verdict.kind).toBe("promote-eligible");
  expect(verdict.cautions.join(" ")).toContain("Sampled controls that it loses: case-7");
});

test("a required control that stays open holds a gain back", () => {
  const verdict = verdictOf(found({ controls: [control({ state: "undecided" })] }), context());
  expect(verdict).toMatchObject({ kind: "inconclusive", reason: "required-control-open" });
});

test("nothing is proven on fewer than twenty sealed groups, whatever the rows show", () => {
  const perfect = sealed({ won: 19 });
  const verdict = verdictOf(
    found({ sealed: perfect }),
    context({ sealedGroups: 19, ordinal: null }),
  );
  expect(verdict).toMatchObject({ kind: "inconclusive", reason: "suite-too-small" });
  expect(verdict.sentence).toContain("fewer than 20 sealed rows");
});

test("a judge that nobody certified decides nothing", () => {
  const judge = { certified: false, reason: "12 of 50 labels" };
  const verdict = verdictOf(found(), context({ judge }));
  expect(verdict).toMatchObject({ kind: "inconclusive", reason: "judge-uncertified" });
  expect(verdict.sentence).toContain("12 of 50 labels");
});

test("cheaper and not worse by the margin is cheaper-equal, and worse by more is not", () => {
  const many = (lost: number) => sealed({ both: 240 - lost, lost }, 0.7);
  const equal = verdictOf(found({ sealed: many(0) }), context());
  expect(equal).toMatchObject({ kind: "cheaper-equal", reason: "cheaper-proven" });
  expect(equal.cautions.join(" ")).toContain("No row flipped in 240");
  expect(equal.cautions.join(" ")).toContain("equality is not shown");
  expect(verdictOf(found({ sealed: many(12) }), context()).kind).not.toBe("cheaper-equal");
  expect(verdictOf(found({ sealed: sealed({ both: 240 }, 1) }), context()).kind).toBe(
    "inconclusive",
  );
});

test("a loss on sealed rows is a rejection that says so", () => {
  const verdict = verdictOf(
    found({ sealed: sealed({ both: 10, won: 1, lost: 18, none: 11 }) }),
    context(),
  );
  expect(verdict).toMatchObject({ kind: "reject", reason: "worse" });
});

test("a gain too small for its rows is undecided, and says how many more rows would decide", () => {
  const verdict = verdictOf(
    found({ sealed: sealed({ both: 14, won: 8, lost: 4, none: 14 }) }),
    context(),
  );
  expect(verdict).toMatchObject({ kind: "inconclusive", reason: "too-few-rows" });
  expect(verdict.rowsToDecide).toBeGreaterThan(40);
  expect(verdict.sentence).toContain("more sealed rows would probably decide");
});

test("a later proof on the same rows says which one it is and what it had to pass", () => {
  const verdict = verdictOf(found(), context({ ordinal: 3, alpha: 0.05 / 12 }));
  expect(verdict.cautions.join(" ")).toContain("Third proof against this prompt");
});

test("a finalist that was not tried names why and claims no figure", () => {
  const verdict = verdictOf(found({ sealed: null }), context());
  expect(verdict).toMatchObject({ kind: "inconclusive", reason: "not-tried", proof: null });
  expect(verdict.candidateSuccess.n).toBe(0);
  expect(verdict.sentence).not.toContain("0 %");
});
