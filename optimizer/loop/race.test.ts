import { expect, test } from "vitest";
import { draw } from "#lib/random.ts";
import { Scoreboard } from "../scoreboard.ts";
import { promptSaying, trialsOf } from "../testing/search-fixtures.ts";
import type { Aim } from "./aim.ts";
import { leaveAfterRung, type RaceInput } from "./race.ts";

const today = promptSaying("today", "Be brief.");

interface Child {
  outcomes: string;
  aim?: Aim;
  costUsd?: number;
  changes?: Parameters<typeof trialsOf>[2];
}

/** The children that leave after these outcomes, with their rules. */
function leaving(
  children: Record<string, Child>,
  changes: Partial<RaceInput> & { today?: string } = {},
): [string, string][] {
  const { today: outcomes = "ppppffffff", ...rest } = changes;
  const board = new Scoreboard(today, { requiredIds: new Set(), repeatsDiffer: false });
  board.keep(trialsOf("today", outcomes, { behaviour: { digest: "as ever", steps: 8 } }));
  const ids = Object.keys(children);
  board.born(ids.map((id) => promptSaying(id, `Do as ${id} says.`)));
  for (const [id, { outcomes: own, costUsd = 0.01, changes: more }] of Object.entries(children))
    board.keep(trialsOf(id, own, { costUsd, ...more }));
  return leaveAfterRung({
    board,
    rung: 1,
    racers: ids.map((id) => ({ id, aim: children[id]?.aim ?? "success", parentIds: ["today"] })),
    populationIds: ["today"],
    stopBelow: 0.3,
    ...rest,
  }).map(({ promptId, rule }) => [promptId, rule]);
}

test("who fails what today's prompt passes leaves after three rows, who does as well stays", () => {
  const after = (outcomes: string) => leaving({ child: { outcomes } }, { today: "pppppppfff" });
  expect(after("fff")).toEqual([["child", "unlikely"]]);
  expect(after("ppp")).toEqual([]);
});

test("a child for the front has only those to beat that cost no more", () => {
  const worse = { outcomes: "fffp", costUsd: 0.004 };
  expect(leaving({ child: { ...worse, aim: "success" } }, { today: "ppppp" })).toEqual([
    ["child", "unlikely"],
  ]);
  expect(leaving({ child: { ...worse, aim: "front" } }, { today: "ppppp" })).toEqual([]);
  const rival = { outcomes: "ppppp", costUsd: 0.003, aim: "front" as const };
  expect(leaving({ child: { ...worse, aim: "front" }, rival }, { today: "ppppp" })).toEqual([
    ["child", "unlikely"],
  ]);
});

test("a child without a single answer that could be judged leaves, and so does one that changed nothing", () => {
  const broken = { outcomes: "fff", changes: { broken: true } };
  const idle = { outcomes: "ppppffff", changes: { behaviour: { digest: "as ever", steps: 8 } } };
  expect(leaving({ broken }, { today: "ffffffffff" })).toEqual([["broken", "broken"]]);
  expect(leaving({ idle })).toEqual([["idle", "without-effect"]]);
});

test("what prompts are called decides nothing: ids are new in every database", () => {
  const rules = (names: readonly string[]) => {
    const draws = draw("renamed");
    const children = names.map((name) => {
      const outcomes = Array.from({ length: 6 }, () => (draws.chance(0.45) ? "p" : "f")).join("");
      return [name, { outcomes }] as const;
    });
    return leaving(Object.fromEntries(children)).map(([id, rule]) => [names.indexOf(id), rule]);
  };
  expect(rules(["x9", "x8", "x7", "x6"])).toEqual(rules(["a1", "a2", "a3", "a4"]));
});

/** Races of five children in three rungs, a fifth of them 15 points better than today's prompt, the others as good or worse. */
function simulate(races: number) {
  let [best, kept, poor, poorLeft] = [0, 0, 0, 0];
  for (let race = 0; race < races; race++) {
    const easiness = Array.from({ length: 10 }, (_, row) => draw("row", race, row).next());
    const outcomesOf = (id: string, gain: number) =>
      easiness
        .map((easy, row) =>
          draw("trial", race, id, row).next() * 0.3 + easy * 0.7 > 0.6 - gain ? "p" : "f",
        )
        .join("");
    const gains: Record<string, number> = { c0: 0.15, c1: 0, c2: 0, c3: -0.15, c4: -0.3 };
    const whole = Object.entries(gains).map(([id, gain]) => [id, outcomesOf(id, gain)] as const);
    const first = outcomesOf("today", 0);
    let racing = new Map(whole);
    for (const trials of [3, 6, 10]) {
      const children = [...racing].map(([id, own]) => [id, { outcomes: own.slice(0, trials) }]);
      const gone = new Set(
        leaving(Object.fromEntries(children), { today: first }).map(([id]) => id),
      );
      racing = new Map([...racing].filter(([id]) => !gone.has(id)));
    }
    best++;
    poor++;
    if (racing.has("c0")) kept++;
    if (!racing.has("c4")) poorLeft++;
  }
  return { kept: kept / best, poorLeft: poorLeft / poor };
}

test("a race of ten rows keeps a clearly better child more often than not, and most of the harmful ones leave", () => {
  const { kept, poorLeft } = simulate(150);
  expect(kept).toBeGreaterThan(0.6);
  expect(poorLeft).toBeGreaterThan(0.8);
});
