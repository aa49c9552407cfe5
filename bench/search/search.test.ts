import { expect, test } from "vitest";
import { AgentTask } from "./agent/agent-task.ts";
import { CountedTrials } from "./agent/arena.ts";
import { runBaselines, runGenepool } from "./agent/compare.ts";
import { summarize } from "./agent/summary.ts";
import { workbenchArena } from "./agent/workbench-arena.ts";
import { nullCells } from "./label-world/null-world.ts";
import { baselines } from "./methods/baselines.ts";
import { runNull } from "./nulls/modes.ts";
import { reportSynthetic } from "./synthetic/report.ts";
import { synthetic } from "./synthetic/suites.ts";
import { SyntheticTask } from "./synthetic/trials.ts";
import { makeWorld } from "./synthetic/world.ts";

test("luck is hardly ever promoted, a broken control is caught, and a real gain is found and proven", async () => {
  const none = await reportSynthetic("null", 6, { firstSeed: 1 });
  expect(none.falsePromotion.rate).toBeLessThanOrEqual(0.05);
  expect(none.harmlessCondemned.rate).toBeLessThanOrEqual(0.06);
  const broken = await reportSynthetic("control-regression", 4, { firstSeed: 1 });
  expect(broken).toMatchObject({ controlCaught: { rate: 1 } });
  const gain = await reportSynthetic("gain-0.3", 4, { firstSeed: 1 });
  expect(gain).toHaveProperty("power.rate");
  if ("power" in gain) expect(gain.power.rate).toBeGreaterThanOrEqual(0.75);
}, 240_000);

test("the pick of the search is nearer to the best than any baseline's, at as many trials", async () => {
  const { regret } = await reportSynthetic("mixed", 5, { firstSeed: 1 });
  for (const { moreThanGenepool } of Object.values(regret?.baselines ?? {}))
    expect(moreThanGenepool.value).toBeGreaterThan(0);
  expect(Object.keys(regret?.baselines ?? {})).toHaveLength(4);
}, 240_000);

test("no baseline runs more trials than it may, and each repeats to the letter", async () => {
  const world = makeWorld(synthetic.mixed, 1);
  for (const { name, run } of baselines) {
    const task = new SyntheticTask(world, 1, 500);
    const pick = await run(task);
    expect(task.used, name).toBeLessThanOrEqual(500);
    expect(task.used, name).toBeGreaterThan(400 - task.ids.length);
    expect(await run(new SyntheticTask(world, 1, 500)), name).toBe(pick);
  }
});

test("in an arena every method gets as many trials, the same luck, and fresh benchmarks judge it", async () => {
  const arena = workbenchArena({ fresh: 11, threads: 2 });
  try {
    const known = new Map();
    const comparison = { arena, kind: "workbench" as const, seed: 301, budget: 300, known };
    const own = await runGenepool(comparison);
    const others = await runBaselines(comparison, own.trials);
    expect(own.trials).toBeLessThan(400);
    for (const other of others) expect(other.trials).toBeLessThanOrEqual(own.trials);
    const starts = [own, ...others].map(({ start }) => start.successRate);
    expect(new Set(starts).size).toBe(1);
    expect((await runGenepool({ ...comparison, known: new Map() })).prompt).toBe(own.prompt);
    const [row] = summarize([own, ...others]);
    expect(row).toMatchObject({ method: "Genepool", runs: 1, ahead: null });
    const trials = new CountedTrials(arena, 301, known);
    expect(new AgentTask(trials, 300).ids).toHaveLength(24);
  } finally {
    await arena.close();
  }
}, 240_000);

test("prompts that are all equally good are hardly ever promoted as better, whether repeats differ or not", async () => {
  const options = { setting: "400", size: 240 } as const;
  const runs = await Promise.all(
    nullCells.map((cell, k) => runNull("swap", cell, { ...options, seed: 100 + k })),
  );
  expect(runs.filter(({ falsePromotion }) => falsePromotion)).toHaveLength(0);
}, 240_000);
