import { expect, test } from "vitest";
import type { MethodRun } from "./compare.ts";
import { plotOf } from "./plot.ts";

const run = (method: string, seed: number, successRate: number): MethodRun => ({
  method,
  seed,
  budget: 300,
  trials: 300,
  prompt: "",
  promoted: null,
  pick: { successRate, costUsd: 1, latencyMs: 1 },
  start: { successRate: 0.4, costUsd: 1, latencyMs: 1 },
  hypervolume: successRate / 2,
  outcomes: [],
});

test("the figure holds a dot for each run and the paired difference with its interval, of its own budget only", () => {
  const seeds = [1, 2, 3, 4];
  const runs = seeds.flatMap((seed) => [
    run("Genepool", seed, 0.8),
    run("<other>", seed, 0.7),
    { ...run("Genepool", seed, 0.1), budget: 1000 },
  ]);
  const figure = plotOf(300, runs, true);
  expect(figure.match(/<circle/g)).toHaveLength(16);
  expect(figure).toContain("+10.0 (+10.0 to +10.0)");
  expect(figure).toContain("300 trials, 4 seeds, simulated model");
  expect(figure).not.toContain("<other>");
});
