import { expect, test } from "vitest";
import type { Measurement } from "./measurement.ts";
import { Scoreboard } from "./scoreboard.ts";

const measured = (promptId: string, benchmarkId: string, outcomes: string): Measurement[] =>
  [...outcomes].map((outcome, repeat) => ({
    promptId,
    benchmarkId,
    repeat,
    success: outcome === "p",
    score: 0,
    costUsd: 0.01,
    latencyMs: 1_000,
  }));

function boardWith(families: readonly { id: string; parentIds: string[] }[]) {
  const board = new Scoreboard(
    {
      split: { calibration: ["t1"], holdout: [], unmeasured: [] },
      measurements: measured("today", "t1", "fff"),
      targets: ["t1"],
      controls: [],
      examplePool: [],
    },
    "today",
    0,
  );
  board.keep(measured("today", "t1", "ffff"));
  board.born(
    families.map((family) => ({
      ...family,
      operator: "reflect" as const,
      intent: "",
      signature: null,
      section: null,
      difference: { added: [], removed: [], settings: [] },
      costUsd: 0,
    })),
  );
  return board;
}

test("a child of a good parent is expected to be good before it has run, and what it does then counts for more", () => {
  const board = boardWith([
    { id: "parent", parentIds: ["today"] },
    { id: "child", parentIds: ["parent"] },
    { id: "stranger", parentIds: ["today"] },
  ]);
  board.keep(measured("parent", "t1", "pppp"));
  const rate = (id: string) => board.passRates(id).get("t1") ?? Number.NaN;
  expect(rate("parent")).toBeGreaterThan(0.85);
  expect(rate("child")).toBeCloseTo(rate("parent"), 9);
  expect(rate("stranger")).toBeLessThan(0.1);
  board.keep(measured("child", "t1", "fff"));
  expect(rate("child")).toBeLessThan(0.2);
});

test("a prompt that is bred again from its own child, or turns out to be today's, is rated all the same", () => {
  const board = boardWith([
    { id: "parent", parentIds: ["today"] },
    { id: "child", parentIds: ["parent"] },
    { id: "parent", parentIds: ["child"] },
    { id: "today", parentIds: ["child"] },
  ]);
  board.keep([...measured("parent", "t1", "pp"), ...measured("child", "t1", "pf")]);
  expect(board.bredFrom.get("parent")).toEqual(["today"]);
  expect(board.passRates("parent").get("t1")).toBeGreaterThan(0.7);
  expect(board.passRates("child").get("t1")).toBeLessThan(0.7);
  expect(board.passRates("today").get("t1")).toBeLessThan(0.1);
});

test("a long line of crossovers is rated in no time", () => {
  const families = Array.from({ length: 200 }, (_, i) => ({
    id: `p${i + 2}`,
    parentIds: [`p${i + 1}`, `p${i}`],
  }));
  const board = boardWith(families);
  expect(board.passRates("p201").get("t1")).toBeLessThan(0.1);
});

test("a child that did what its parent did in every trial is without effect, unless it is cheaper", () => {
  const board = boardWith([
    { id: "same", parentIds: ["today"] },
    { id: "other", parentIds: ["today"] },
    { id: "cheaper", parentIds: ["today"] },
    { id: "unmeasured", parentIds: ["today"] },
  ]);
  board.keep([
    ...measured("same", "t1", "ff"),
    ...measured("other", "t1", "fp"),
    ...measured("cheaper", "t1", "ff").map((m) => ({ ...m, costUsd: 0.005 })),
  ]);
  const idle = ["same", "other", "cheaper", "unmeasured"].filter((id) => board.isWithoutEffect(id));
  expect(idle).toEqual(["same"]);
});

test("where equal repeats are equal luck, a child that did worse than its parent is rated below it", () => {
  const families = [
    { id: "parent", parentIds: ["today"] },
    { id: "child", parentIds: ["parent"] },
    { id: "idle", parentIds: ["parent"] },
  ];
  const walked = (promptId: string, outcomes: string, digest: string) =>
    measured(promptId, "t1", outcomes).map((m) => ({ ...m, behaviour: { digest, steps: 10 } }));
  const boardOf = (idleDigest: string) => {
    const board = boardWith(families);
    board.keep([
      ...walked("parent", "ppf", "as the parent"),
      ...walked("child", "pff", "another way"),
      ...walked("idle", "ppf", idleDigest),
    ]);
    return (id: string) => board.passRates(id).get("t1") ?? Number.NaN;
  };
  const paired = boardOf("as the parent");
  expect(paired("idle")).toBe(paired("parent"));
  expect(paired("child")).toBeCloseTo(paired("parent") - 1 / 3.5, 9);
  // Nobody took the same steps twice: what the parent did in those repeats was its own luck.
  const alone = boardOf("yet another way");
  expect(alone("idle")).toBeCloseTo((2 + 0.5 * alone("parent")) / 3.5, 9);
});
