import fc from "fast-check";
import { expect, test } from "vitest";
import { costMargin } from "#lib/optimizations/cost-margin.ts";
import { draw } from "#lib/random.ts";
import { runHabitWorld } from "./testing/habit-world.ts";

/** Costs that differ from prompt to prompt up to threefold, and from run to run within the margin of the plan. */
const costFactor =
  (seed: number) => (prompt: { id: string }, benchmark: { id: string }, repeat: number) =>
    (0.5 + draw("prompt", seed, prompt.id).next()) *
    (2 -
      costMargin +
      2 * (costMargin - 1) * draw("run", seed, prompt.id, benchmark.id, repeat).next());

test("whatever prompts cost, the search leaves what the proof takes, and the cap is never passed", {
  timeout: 120_000,
}, async () => {
  let cutShort = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(10_000),
      fc.double({ min: 0.9, max: 4, noNaN: true }),
      async (seed, runCapUsd) => {
        const { outcome, calls } = await runHabitWorld({
          proposalUsd: 0.01 * draw("proposal", seed).next(),
          seed,
          runCapUsd,
          costFactor: costFactor(seed),
        });
        expect(calls.paidUsd).toBeLessThanOrEqual(runCapUsd);
        if (outcome.stopped === "money-kept") cutShort++;
        // The calibration is paid before anything can be kept; whoever bred a generation can prove it.
        if (outcome.generations.length > 0) {
          expect(outcome.stopped).not.toBe("run-cap");
          // The first finalist is always tried; others only after one that was proven.
          const [first] = outcome.finalists;
          if (first !== undefined) expect(first.verdict.reason).not.toBe("not-tried");
        }
      },
    ),
    { numRuns: 25, seed: 7 },
  );
  expect(cutShort).toBeGreaterThan(3);
});
