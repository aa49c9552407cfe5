import { expect, test } from "vitest";
import { draw } from "#lib/random.ts";
import { normalCdf } from "#lib/stats/normal.ts";
import { EffectModel } from "./effect-model.ts";

const priors = { benchmark: 0.4, prompt: 0.05, trial: 0.35, traitOf: () => 0.1 };
const edit = (...gained: string[]) => ({ gained, lost: [] });

/** A model of today's prompt and of prompts with these traits. */
function modelOf(prompts: Record<string, readonly string[]>): EffectModel {
  const model = new EffectModel(priors);
  model.add("today", { gained: [], lost: [] });
  for (const [id, traits] of Object.entries(prompts)) model.add(id, edit(...traits));
  return model;
}

test("one trial moves the unknowns as much as the best linear prediction says", () => {
  const model = modelOf({ a: ["x"] });
  model.observe({ promptId: "a", benchmarkId: "b", success: true });
  // Benchmark, trait and prompt share the surprise of 0.5 by their variances.
  const variance = 0.4 ** 2 + 0.1 ** 2 + 0.05 ** 2 + 0.35 ** 2;
  expect(model.traitEffect("x")?.mean).toBeCloseTo((0.5 * 0.1 ** 2) / variance, 12);
  expect(model.effectOf("a")).toBeCloseTo((0.5 * (0.1 ** 2 + 0.05 ** 2)) / variance, 12);
  expect(model.traitEffect("x")?.deviation).toBeCloseTo(Math.sqrt(0.01 - 0.01 ** 2 / variance), 12);
});

test("trials of a prompt tell of every prompt that shares a trait with it, and of no other", () => {
  const model = modelOf({ a: ["x"], b: ["x", "y"], c: ["z"] });
  for (let i = 0; i < 10; i++) {
    model.observe({ promptId: "today", benchmarkId: `row ${i}`, success: false });
    model.observe({ promptId: "a", benchmarkId: `row ${i}`, success: i < 6 });
  }
  expect(model.effectOf("b")).toBeGreaterThan(0.05);
  expect(model.effectOf("c")).toBeCloseTo(0, 9);
  expect(model.effectOf("today")).toBe(0);
});

test("a trait that is missing counts the other way round", () => {
  const model = new EffectModel(priors);
  model.add("today", { gained: [], lost: [] });
  model.add("without", { gained: [], lost: ["x"] });
  for (let i = 0; i < 10; i++) {
    model.observe({ promptId: "today", benchmarkId: `row ${i}`, success: true });
    model.observe({ promptId: "without", benchmarkId: `row ${i}`, success: false });
  }
  expect(model.traitEffect("x")?.mean).toBeGreaterThan(0.05);
  expect(model.effectOf("without")).toBeLessThan(-0.1);
});

/** So many prompts of random traits, each measured on a few rows, as a search leaves them. */
function searched(seed: number) {
  const draws = draw("effect-model", seed);
  const worth = Array.from({ length: 12 }, () => 0.1 * draws.normal());
  const prompts = Array.from({ length: 14 }, (_, id) => ({
    id: `prompt ${id}`,
    traits: worth.flatMap((_, trait) => (draws.chance(0.3) ? [`t${trait}`] : [])),
    own: 0.05 * draws.normal(),
  }));
  const easiness = Array.from({ length: 12 }, () => 0.5 + 0.4 * draws.normal());
  const truthOf = ({ traits, own }: (typeof prompts)[number]) =>
    traits.reduce((sum, trait) => sum + (worth[Number(trait.slice(1))] ?? 0), own);
  const trials = prompts.flatMap((prompt) =>
    easiness.map((easy, row) => ({
      promptId: prompt.id,
      benchmarkId: `row ${row}`,
      success: easy + truthOf(prompt) + 0.35 * draws.normal() > 0.5,
    })),
  );
  return { prompts, trials, truthOf };
}

test("the order of the trials changes nothing", () => {
  const { prompts, trials } = searched(1);
  const traitsById = Object.fromEntries(prompts.map(({ id, traits }) => [id, traits]));
  const [forward, backward] = [modelOf(traitsById), modelOf(traitsById)];
  for (const trial of trials) forward.observe(trial);
  for (const trial of trials.toReversed()) backward.observe(trial);
  for (const { id } of prompts) expect(backward.effectOf(id)).toBeCloseTo(forward.effectOf(id), 8);
});

test("of the pairs that it is sure of, the better prompt is better about as often as it says", () => {
  let [sure, right, expected] = [0, 0, 0];
  for (let seed = 1; seed <= 60; seed++) {
    const { prompts, trials, truthOf } = searched(seed);
    const model = modelOf(Object.fromEntries(prompts.map(({ id, traits }) => [id, traits])));
    for (const trial of trials) model.observe(trial);
    for (const [i, a] of prompts.entries())
      for (const b of prompts.slice(i + 1)) {
        const { mean, deviation } = model.difference(a.id, b.id);
        if (deviation === 0) continue;
        const chance = normalCdf(Math.abs(mean) / deviation);
        if (chance < 0.8) continue;
        sure++;
        expected += chance;
        if (Math.sign(mean) === Math.sign(truthOf(a) - truthOf(b))) right++;
      }
  }
  expect(sure).toBeGreaterThan(500);
  expect(Math.abs(right / sure - expected / sure)).toBeLessThan(0.05);
});

test("what is forgotten takes no room, and what it told of others stays", () => {
  const { prompts, trials } = searched(2);
  const ids = prompts.map(({ id }) => id);
  const model = modelOf(Object.fromEntries(prompts.map(({ id, traits }) => [id, traits])));
  for (const trial of trials) model.observe(trial);
  const [kept = "", ...gone] = ids;
  const before = model.difference(kept, "today");
  const unknowns = model.unknowns;
  for (const id of gone) model.forget(id);
  expect(model.unknowns).toBeLessThan(unknowns);
  expect(model.difference(kept, "today")).toEqual(before);
  model.add("new", edit("t0", "fresh"));
  model.observe({ promptId: "new", benchmarkId: "row 0", success: true });
  expect(Number.isFinite(model.effectOf("new"))).toBe(true);
});

test("it holds more prompts than it began with room for", () => {
  const model = new EffectModel(priors);
  model.add("today", { gained: [], lost: [] });
  for (let i = 0; i < 150; i++) {
    model.add(`p${i}`, edit(`trait ${i}`));
    model.observe({ promptId: `p${i}`, benchmarkId: "row", success: i % 2 === 0 });
  }
  expect(model.unknowns).toBe(301);
  expect(model.effectOf("p148")).toBeGreaterThan(model.effectOf("p149"));
});
