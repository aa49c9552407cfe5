import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { draw } from "#lib/random.ts";
import type { Measurement } from "../measurement.ts";
import { dropAfterBlock, planBlocks, type RaceInput } from "./race.ts";

const benchmarkNamed = (id: string): Benchmark => ({
  id,
  suite: "s",
  externalId: id,
  input: id,
  expected: "yes",
  labels: null,
  grader: { kind: "exact", ignoreCase: true },
  weight: 1,
  contentHash: id,
  family: null,
  group: id,
  required: false,
  sealed: false,
});
const ids = (letter: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${letter}${i}`);
const targetIds = ids("t", 20);
const controlIds = ids("c", 5);

interface Costs {
  costUsd?: number;
  latencyMs?: number;
  broken?: true;
}

/** One trial a letter, p for passed, on t0, t1 …; further texts are further repeats. */
const trials = (promptId: string, repeats: readonly string[], costs: Costs = {}, of = targetIds) =>
  repeats.flatMap((outcomes, repeat) =>
    [...outcomes].map(
      (outcome, i): Measurement => ({
        promptId,
        benchmarkId: of[i] ?? "",
        repeat: 100 + repeat,
        success: outcome === "p",
        score: 0,
        costUsd: 0.01,
        latencyMs: 1_000,
        ...costs,
      }),
    ),
  );

function drops(
  block: number,
  arms: Record<string, Measurement[]>,
  changes: Partial<RaceInput> = {},
) {
  const childIds = Object.keys(arms).filter((id) => id.startsWith("child"));
  return dropAfterBlock({
    seed: 1,
    generation: 1,
    block,
    benchmarkIds: [...targetIds.slice(0, 4 * block), ...controlIds.slice(0, block)],
    controlIds,
    controlsToLose: 0,
    incumbentId: "today",
    childIds,
    parentIds: Object.keys(arms).filter((id) => !childIds.includes(id)),
    populationSize: 4,
    measurements: new Map(Object.entries(arms)),
    ...changes,
  });
}
const rulesOf = (found: ReturnType<typeof drops>) =>
  found.map(({ promptId, rule }) => [promptId, rule]);

test("each block holds one target of each stratum of difficulty, the telling ones first, and one control", () => {
  const targets = targetIds.map(benchmarkNamed);
  const rates = new Map(targetIds.map((id, i) => [id, i / 40]));
  const blocks = planBlocks(targets, controlIds.map(benchmarkNamed), rates, 5);
  expect(blocks.map((block) => block.length)).toEqual([5, 5, 5, 5, 5]);
  expect(blocks[0]?.map(({ id }) => id)).toEqual(["t4", "t9", "t14", "t19", "c0"]);
  expect(new Set(blocks.flat().map(({ id }) => id)).size).toBe(25);
});

test("a suite smaller than the blocks is raced in fewer, and one block is no race", () => {
  const few = ["t0", "t1"].map(benchmarkNamed);
  expect(planBlocks(few, controlIds.map(benchmarkNamed), new Map(), 5)).toHaveLength(2);
  expect(planBlocks([], [], new Map(), 5)).toEqual([[]]);
  expect(planBlocks(targetIds.map(benchmarkNamed), [], new Map(), 1)).toHaveLength(1);
});

test("after the first block only a shut-out, broken runs or a lost control drop a child", () => {
  const today = [...trials("today", ["pppf"]), ...trials("today", ["ppppp"], {}, controlIds)];
  const found = drops(1, {
    today,
    childShutOut: trials("childShutOut", ["ffff"]),
    childOneWin: trials("childOneWin", ["fffp"]),
    childTwoLosses: trials("childTwoLosses", ["ffpf"]),
    childBroken: trials("childBroken", ["ffff"], { broken: true }),
    childVetoed: [
      ...trials("childVetoed", ["pppp"]),
      ...trials("childVetoed", ["f", "f", "p"], {}, controlIds),
    ],
    childUnlucky: [
      ...trials("childUnlucky", ["pppp"]),
      ...trials("childUnlucky", ["f", "p", "p"], {}, controlIds),
    ],
  });
  expect(rulesOf(found)).toEqual([
    ["childShutOut", "lost"],
    ["childBroken", "broken"],
    ["childVetoed", "control-veto"],
  ]);
});

test("where controls may be lost, one lost control drops nobody", () => {
  const arms = {
    today: [...trials("today", ["pppf"]), ...trials("today", ["p"], {}, controlIds)],
    child: [...trials("child", ["pppp"]), ...trials("child", ["f", "f", "f"], {}, controlIds)],
  };
  expect(rulesOf(drops(1, arms))).toEqual([["child", "control-veto"]]);
  expect(drops(1, arms, { controlsToLose: 1 })).toEqual([]);
});

test("later a child leaves that its nearest rival dominates, not one that is cheaper", () => {
  const today = trials("today", ["ppppppff"]);
  const found = drops(2, {
    today,
    childWorse: trials("childWorse", ["fffppfff"]),
    childCheap: trials("childCheap", ["fffppfff"], { costUsd: 0.005 }),
    childBetter: trials("childBetter", ["pppppppp"]),
  });
  expect(rulesOf(found)).toEqual([["childWorse", "dominated"]]);
});

test("a dearer child that did as well as its rival stays: it may be better where neither has run yet", () => {
  const today = trials("today", ["ppppppppff"]);
  const dearer = { costUsd: 0.012 };
  expect(drops(2, { today, child: trials("child", ["ppppppppff"], dearer) })).toEqual([]);
  const [drop] = drops(2, { today, child: trials("child", ["ffpppppfff"], dearer) });
  expect(drop).toMatchObject({ promptId: "child", rule: "dominated" });
  expect(drop?.reason).toMatch(/did better, in \d+ % of resamples/);
});

test("a child leaves that half the population beats at no higher price", () => {
  const rivals = {
    today: trials("today", ["pppppppfffff"]),
    second: trials("second", ["ppppppppffff"]),
    third: trials("third", ["pppppppppfff"]),
  };
  // Nearest to it is a rival that costs more: nobody dominates it, but two that cost the same beat it.
  const near = { near: trials("near", ["pppffffffffp"], { costUsd: 0.0104 }) };
  const child = { child: trials("child", ["ppffffffffff"]) };
  expect(rulesOf(drops(3, { ...rivals, ...near, ...child }))).toEqual([["child", "beaten"]]);
  expect(drops(3, { ...near, ...child })).toEqual([]);
});

test("what was measured decides, not the order in which it was", () => {
  const arms = {
    today: trials("today", ["ppppppff", "pppppfff"]),
    childA: trials("childA", ["fffppfff"]),
    childB: trials("childB", ["ppppffff"]),
  };
  const turned = Object.fromEntries(
    Object.entries(arms).map(([id, own]) => [id, [...own].reverse()]),
  );
  expect(rulesOf(drops(2, turned))).toEqual(rulesOf(drops(2, arms)));
});

interface Racer {
  id: string;
  rates: number[];
}

/** Races of ten children, a third harmful, most neutral, a quarter better, against a population of eight. */
function simulate(races: number) {
  let bestDropped = 0;
  let run = 0;
  for (let race = 0; race < races; race++) {
    const draws = draw("race", race);
    const start = targetIds.map(() => 0.7 * draws.next() ** 1.5);
    const lifted = (share: number) =>
      start.map((rate) => (draws.chance(share) ? Math.max(rate, 0.9) : rate));
    const shares = [0.3, 0.2, 0.15];
    const children: Racer[] = Array.from({ length: 10 }, (_, i) => ({
      id: `child${i}`,
      rates: i < 3 ? lifted(shares[i] ?? 0) : i < 7 ? start : start.map((rate) => rate * 0.5),
    }));
    const parents: Racer[] = Array.from({ length: 8 }, (_, i) => ({
      id: i === 0 ? "today" : `parent${i}`,
      rates: i < 4 ? start : lifted(0.15),
    }));
    const mean = ({ rates }: Racer) => rates.reduce((sum, rate) => sum + rate, 0);
    const best = children.reduce((a, b) => (mean(b) > mean(a) ? b : a));
    const measured = (racer: Racer, repeats: number) =>
      trials(
        racer.id,
        Array.from({ length: repeats }, (_, repeat) =>
          racer.rates
            .map((rate, i) => (draw("trial", race, racer.id, i, repeat).chance(rate) ? "p" : "f"))
            .join(""),
        ),
        { costUsd: 0.01 * (0.97 + 0.06 * draw("cost", race, racer.id).next()) },
      );
    const all = [...parents.map((p) => measured(p, 2)), ...children.map((c) => measured(c, 1))];
    const measurements = new Map(all.map((own) => [own[0]?.promptId ?? "", own]));
    let racing = children;
    for (let block = 1; block <= 5; block++) {
      run += 4 * racing.length;
      if (block === 5) break;
      const benchmarkIds = targetIds.slice(0, 4 * block);
      const gone = new Set(
        dropAfterBlock({
          seed: race,
          generation: 0,
          block,
          benchmarkIds,
          controlIds: [],
          controlsToLose: 0,
          incumbentId: "today",
          childIds: racing.map(({ id }) => id),
          parentIds: parents.map(({ id }) => id),
          populationSize: 8,
          measurements: new Map(
            [...measurements].map(([id, own]) => [
              id,
              id.startsWith("child")
                ? own.filter((m) => benchmarkIds.includes(m.benchmarkId))
                : own,
            ]),
          ),
        }).map(({ promptId }) => promptId),
      );
      racing = racing.filter(({ id }) => !gone.has(id));
      if (gone.has(best.id)) bestDropped++;
    }
  }
  return { bestDropped: bestDropped / races, share: run / (races * 200) };
}

test("a race drops the truly best child in at most one of twelve races, and saves a sixth of the trials", () => {
  const { bestDropped, share } = simulate(300);
  expect(bestDropped).toBeLessThan(1 / 12);
  expect(share).toBeLessThan(5 / 6);
});

test("what prompts are called decides nothing: ids are new in every database, and the same run goes the same way", () => {
  const outcomes = (seed: number, arm: number, rate: number) => {
    const draws = draw("renamed", seed, arm);
    return Array.from({ length: 20 }, () => (draws.chance(rate) ? "p" : "f")).join("");
  };
  const rulesByPlace = (seed: number, names: readonly string[]) => {
    const arms = names.map((name, i) => [name, trials(name, [outcomes(seed, i, 0.45)])] as const);
    const today = trials("today", [outcomes(seed, -1, 0.6)]);
    const found = drops(4, { today, ...Object.fromEntries(arms) }, { seed });
    return found.map(({ promptId, rule, reason }) => [names.indexOf(promptId), rule, reason]);
  };
  let dropped = 0;
  for (let seed = 0; seed < 40; seed++) {
    const first = rulesByPlace(seed, ["childA", "childB", "childC"]);
    expect(rulesByPlace(seed, ["child7", "child8", "child9"])).toEqual(first);
    dropped += first.length;
  }
  expect(dropped).toBeGreaterThan(20);
});
