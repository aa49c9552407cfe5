import fc from "fast-check";
import { expect, test } from "vitest";
import { optimizationConfig } from "../domain/optimization.ts";
import { lookRows, looksOf, planStages, suiteFacts } from "./stage-plan.ts";

const suite = (groups: number) => {
  const sealedGroups = groups >= 80 ? Math.max(40, Math.floor(groups / 2)) : Math.floor(groups / 2);
  return { learningGroups: groups - sealedGroups, sealedGroups };
};

const planOf = (
  config: Record<string, unknown>,
  groups: number,
  repeats: "same" | "vary" | "unknown" = "vary",
) => planStages({ config: optimizationConfig.parse(config), suite: suite(groups), repeats });

test("whatever the budget, the suite and the overrides, the stages together never order more than the budget", () => {
  fc.assert(
    fc.property(
      fc.record({
        calls: fc.integer({ min: 40, max: 20_000 }),
        groups: fc.integer({ min: 1, max: 3_000 }),
        repeats: fc.constantFrom("same", "vary", "unknown"),
        hasRequired: fc.boolean(),
        prove: fc.integer({ min: 0, max: 5 }),
        experiment: fc.record(
          {
            learningRows: fc.integer({ min: 2, max: 1_000 }),
            learningRepeats: fc.integer({ min: 1, max: 10 }),
            targets: fc.integer({ min: 0, max: 200 }),
            controls: fc.integer({ min: 0, max: 100 }),
            proofRows: fc.integer({ min: 1, max: 5_000 }),
            proofRepeats: fc.integer({ min: 1, max: 10 }),
            finalistsMax: fc.integer({ min: 1, max: 3 }),
          },
          { requiredKeys: [] },
        ),
      }),
      ({ calls, groups, repeats, hasRequired, prove, experiment }) => {
        const plan = planStages({
          config: {
            ...optimizationConfig.parse({ calls, experiment }),
            prove: Array.from({ length: prove }, () => "00000000-0000-4000-8000-000000000000"),
          },
          suite: suite(groups),
          repeats,
          hasRequired,
        });
        const { probe, learning, race, proof, guards } = plan;
        const parts = [probe.trials, learning.trials, race.trials, proof.trials, guards.trials];
        expect(parts.every((trials) => Number.isInteger(trials) && trials >= 0)).toBe(true);
        expect(parts.reduce((sum, trials) => sum + trials, 0)).toBeLessThanOrEqual(calls);
      },
    ),
    { numRuns: 2_000, seed: 1 },
  );
});

test("400 calls put one finalist on 40 sealed rows, 80 trials, and leave most for learning and race", () => {
  const plan = planOf({ calls: 400 }, 240, "same");
  expect(plan.proof).toMatchObject({ rows: 40, repeats: 1, finalists: 1, trials: 80 });
  expect(plan.guards).toMatchObject({ targets: 20, controls: 5, controlRunsMax: 1 });
  expect(plan.learning.trials + plan.race.trials).toBe(400 - 80 - 25);
});

test("the default budget proves up to three finalists on half of a suite of 240 rows", () => {
  const plan = planOf({}, 240, "same");
  expect(plan.calls).toBe(2_400);
  expect(plan.proof).toMatchObject({ rows: 120, finalists: 3 });
});

test("where repeats cannot differ nothing is planned twice", () => {
  const plan = planOf(
    { calls: 5_000, experiment: { proofRepeats: 5, learningRepeats: 4 } },
    88,
    "same",
  );
  expect(plan.proof.repeats).toBe(1);
  expect(plan.learning).toMatchObject({ repeats: 1, controlRepeats: 0 });
  expect(plan.guards.controlRunsMax).toBe(1);
  expect(plan.probe.trials).toBe(0);
});

test("where nobody declared whether repeats differ, eight rows run twice and are counted", () => {
  expect(planOf({ calls: 400 }, 240, "unknown").probe).toEqual({ rows: 8, trials: 8 });
});

test("prompts of people get what a search would have taken, and share the incumbent's rows", () => {
  const config = {
    ...optimizationConfig.parse({ calls: 1_000 }),
    prove: ["a", "b", "c"],
  };
  const plan = planStages({ config, suite: suite(240), repeats: "same" });
  expect(plan.race.trials).toBe(0);
  expect(plan.proof).toMatchObject({ rows: 120, finalists: 3, trials: 480 });
});

test("looks are at most four, each of ten rows at least, and the last one takes them all", () => {
  expect([5, 19, 20, 40, 120].map(looksOf)).toEqual([1, 1, 2, 4, 4]);
  expect(lookRows(44, 4)).toEqual([11, 22, 33, 44]);
});

test("a group counts once, on the side it is sealed to", () => {
  const row = (group: string, sealed: boolean) => ({ group, sealed });
  expect(suiteFacts([row("a", true), row("a", true), row("b", false)])).toEqual({
    learningGroups: 1,
    sealedGroups: 1,
  });
});
