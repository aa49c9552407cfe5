import { expect, test } from "vitest";
import { incumbentSearchedTwice } from "./run-luck.ts";

const today = "00000000-0000-4000-8000-000000000001";

function individual(promptId: string, n: number) {
  return {
    promptId,
    version: "1.0.1",
    status: "experimental" as const,
    tags: [],
    operator: "reflect" as const,
    message: "",
    objectives: { successRate: 0.5, costUsd: 0.01, latencyMs: 100 },
    success: { value: 0.5, low: 0.3, high: 0.7, n },
    figure: { kind: "estimated" as const, value: 0.5, low: 0.3, high: 0.7, n },
    passed: 0,
    constraintViolation: 0,
    rank: 0,
    crowdingDistance: null,
    survived: true,
    isIncumbent: promptId === today,
  };
}

/** A run whose incumbent passed every second of 20 rows. */
function run(individuals: ReturnType<typeof individual>[], droppedIds: string[] = []) {
  const rows = Array.from({ length: 20 }, (_, row) => `row ${row}`);
  const measurements = rows.map((benchmarkId, row) => ({
    promptId: today,
    benchmarkId,
    success: row % 2 === 0,
  }));
  return {
    steps: [{ step: "calibrate", output: { order: rows, measurements } }],
    incumbentId: today,
    detail: {
      seed: 1,
      generationsDone: [{ number: 0, hypervolume: 0, individuals }],
      dropped: droppedIds.map((promptId) => ({ generation: 0, promptId, rule: "", reason: "" })),
    },
  };
}

test("the best of many equal prompts shows more than today's rate, and more of them show more", () => {
  const many = Array.from({ length: 20 }, (_, k) => individual(`child ${k}`, 20));
  const luck = incumbentSearchedTwice(run([individual(today, 40), ...many]));
  const few = incumbentSearchedTwice(run(many.slice(0, 2)));
  expect(luck).toMatchObject({ prompts: 20, rows: 20, trials: 20 });
  expect(luck?.mean).toBeGreaterThan(0.6);
  expect(few?.mean).toBeLessThan(luck?.mean ?? 0);
});

test("children that left the race early do not compete, and repeats are no rows", () => {
  const lucky = individual("lucky", 1);
  const whole = individual("whole", 400);
  const luck = incumbentSearchedTwice(run([lucky, whole], ["lucky"]));
  expect(luck?.prompts).toBe(1);
  // With 400 rows instead of 20 the spread would be a quarter of this.
  expect((luck?.high ?? 0) - (luck?.low ?? 0)).toBeGreaterThan(0.3);
});

test("a run that learnt nothing, or of version 0.1, has no such row", () => {
  const detail = run([individual("child", 20)]);
  expect(incumbentSearchedTwice({ ...detail, steps: [] })).toBeNull();
  const earlier = [{ step: "calibrate", output: { targets: [], controls: [] } }];
  expect(incumbentSearchedTwice({ ...detail, steps: earlier })).toBeNull();
});
