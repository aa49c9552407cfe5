import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { mean } from "../figures.ts";
import { gepaStyle } from "../methods/gepa-style.ts";
import { hillClimbing } from "../methods/hill-climbing.ts";
import { makeLabelWorld } from "./make-label-world.ts";
import { costTrap, makeNullWorld, nullCells } from "./null-world.ts";
import { brokenRate, makePlantedWorld } from "./planted-world.ts";
import { withSentence } from "./proposer.ts";
import type { LabelWorld } from "./world.ts";
import { baseline } from "./world-method.ts";
import { keepWorldRun, keptWorldRuns, runInWorld } from "./world-runs.ts";

/** As many rows as the population has: the suite is then all there is. */
const everyRow = 1_200;

function withText(genome: PromptGenome, sentence: string): PromptGenome {
  return { ...genome, content: withSentence(genome.content, sentence) };
}

function changedShare(world: LabelWorld, from: PromptGenome, to: PromptGenome): number {
  return mean(
    world.rows.map(({ id }) => (world.passRate(from, id) === world.passRate(to, id) ? 0 : 1)),
  );
}

test("a world begins between 30 and 45 %, has a far better prompt, and is the same each time", () => {
  for (const seed of [1, 2, 3]) {
    const world = makeLabelWorld({ seed });
    expect(world.rows).toHaveLength(240);
    expect(world.trueRate(world.start)).toBeGreaterThanOrEqual(0.3);
    expect(world.trueRate(world.start)).toBeLessThanOrEqual(0.45);
    const best = world.bestGroups.reduce(
      (prompt, group) => withText(prompt, sentenceOf(world, group)),
      world.start,
    );
    expect(world.trueRate(best)).toBeGreaterThan(0.64);
    const again = makeLabelWorld({ seed });
    expect(again.start).toEqual(world.start);
    expect(again.trueRate(best)).toBe(world.trueRate(best));
  }
  expect(makeLabelWorld({ seed: 1, size: 88 }).rows).toHaveLength(88);
});

function sentenceOf(world: ReturnType<typeof makeLabelWorld>, group: number, wording = 0): string {
  return world.pool[group]?.sentences[0]?.wordings[wording] ?? "";
}

test("a sentence in other words changes no row, only the cost; a smaller model is cheaper and worse", () => {
  const world = makeLabelWorld({ seed: 4 });
  const [group] = world.pool.filter(({ kind }) => kind === "good").map(({ index }) => index);
  const long = withText(world.start, sentenceOf(world, group ?? 0));
  const short = withText(world.start, sentenceOf(world, group ?? 0, 2));
  expect(changedShare(world, long, short)).toBe(0);
  expect(changedShare(world, world.start, short)).toBeGreaterThan(0);
  expect(world.truth(short).costUsd).toBeLessThan(world.truth(long).costUsd);
  const small = {
    ...world.start,
    parameters: { ...world.start.parameters, model: "world:small" },
  };
  expect(world.truth(small).costUsd).toBeLessThan(world.truth(world.start).costUsd / 3);
  expect(world.trueRate(small)).toBeLessThan(world.trueRate(world.start));
});

test("at temperature 0 a repeat is a copy in any run; above it repeats differ and pass as often as they should", () => {
  const settled = makeLabelWorld({ seed: 5 });
  const rowId = settled.rows[0]?.id ?? "";
  const copies = [0, 1, 7].map((repeat) =>
    settled.trial({ genome: settled.start, rowId, repeat, seed: repeat }),
  );
  expect(copies[1]).toEqual(copies[0]);
  expect(copies[2]).toEqual(copies[0]);
  expect(settled.requestKey(settled.start, rowId, 0)).toBe(
    settled.requestKey(settled.start, rowId, 3),
  );
  const varying = makeLabelWorld({ seed: 5, temperature: 0.7 });
  const outcomes = varying.rows.flatMap(({ id }) =>
    [0, 1, 2, 3].map((repeat) => {
      const order = { genome: varying.start, rowId: id, repeat, seed: 1 };
      return varying.trial(order).outcome === "success" ? 1 : 0;
    }),
  );
  const expected = mean(varying.rows.map(({ id }) => varying.passRate(varying.start, id)));
  expect(mean(outcomes)).toBeCloseTo(expected, 1);
});

test("in a null world an edit of the start changes exactly its share of the rows, and no edit changes the mean", () => {
  for (const cell of nullCells) {
    const world = makeNullWorld({ ...cell, seed: 6, size: everyRow });
    const rate = world.trueRate(world.start);
    expect(rate).toBeCloseTo(cell.rate, 3);
    const child = withText(world.start, "Read every word.");
    expect(changedShare(world, world.start, child)).toBeCloseTo(cell.share, 2);
    const grandchild = withText(child, "Then decide.");
    expect(changedShare(world, child, grandchild)).toBeGreaterThan(0.05);
    for (const prompt of [child, grandchild]) expect(world.trueRate(prompt)).toBeCloseTo(rate, 9);
  }
});

test("the trap of the cost null is 6 points worse and a fifth cheaper, whatever the edit says", () => {
  for (const temperature of [0, 0.7]) {
    const world = makeNullWorld({ share: 0.15, temperature, rate: 0.5, seed: 7, trap: costTrap });
    const child = withText(withText(world.start, "Read every word."), "Then decide.");
    const [today, own] = [world.truth(world.start), world.truth(child)];
    expect(own.successRate - today.successRate).toBeCloseTo(-0.06, 3);
    expect(own.costUsd / today.costUsd).toBeCloseTo(0.8, 9);
  }
});

test("the planted sentence raises the mean as far as it is said to, and breaks the required rows that it is to break", () => {
  const required = { count: 5, broken: 1 };
  for (const temperature of [0, 0.7]) {
    const world = makePlantedWorld({
      seed: 8,
      temperature,
      from: 0.4,
      to: 0.6,
      ...(temperature > 0 ? { required } : {}),
    });
    const child = withText(world.start, world.plantedSentence);
    expect(world.holdsPlanted(child.content)).toBe(true);
    expect(world.trueRate(world.start)).toBeCloseTo(0.4, 1);
    expect(world.trueRate(child) - world.trueRate(world.start)).toBeCloseTo(0.2, 2);
    for (const id of world.broken) {
      expect(world.passRate(world.start, id)).toBeGreaterThan(0.9);
      expect(world.passRate(child, id)).toBe(brokenRate);
    }
    expect(world.broken.size).toBe(temperature > 0 ? 1 : 0);
  }
});

test("a baseline never orders more than its budget, proof included, hands over at most four prompts, and repeats to the letter", async () => {
  const methods = [
    gepaStyle({ minibatch: 5, parent: "pareto", acceptsEqual: false }),
    hillClimbing({ patience: 8, acceptsEqual: true }),
  ];
  for (const method of methods)
    for (const proof of [true, false]) {
      const tried = baseline({ method, rows: 24, shares: "even", proof });
      const options = { seed: 9, size: 240, temperature: 0, budget: 200 };
      const run = await runInWorld(tried, options);
      expect(run.ordered).toBeLessThanOrEqual(200);
      expect(run.proofTrials > 0).toBe(proof);
      expect(run.handedOver).toBeLessThanOrEqual(4);
      expect(await runInWorld(tried, options)).toEqual(run);
    }
});

test("a file of runs is taken up again after a line that a kill cut off", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "world-runs-"));
  try {
    const file = path.join(folder, "runs.jsonl");
    const method = hillClimbing({ patience: 8, acceptsEqual: true });
    const options = { seed: 9, size: 88, temperature: 0, budget: 100 };
    const run = await runInWorld(
      baseline({ method, rows: 24, shares: "product", proof: false }),
      options,
    );
    await writeFile(file, `${JSON.stringify(run)}\n{"method":`);
    expect(await keptWorldRuns(file)).toEqual([run]);
    await keepWorldRun(file, { ...run, world: 10 });
    expect((await keptWorldRuns(file)).map(({ world }) => world)).toEqual([9, 10]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
