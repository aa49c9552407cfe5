import { expect, test } from "vitest";
import { wilsonInterval } from "../../stats/wilson.ts";
import { discountedEstimate } from "./discounted-rate.ts";

test("the interval always holds the discounted rate, even where the measured rate is far from it", () => {
  for (const [discounted, successes] of [
    [0.62, 25],
    [0.3, 0],
    [0.5, 12],
  ] as const) {
    const { low, value, high } = discountedEstimate({
      discounted,
      successes,
      trials: 25,
      benchmarks: 25,
    });
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1);
  }
});

test("with many trials the discount fades and the interval is Wilson's own", () => {
  const trials = 1_000_000;
  const { low, high } = discountedEstimate({
    discounted: 0.4,
    successes: 400_000,
    trials,
    benchmarks: 25,
  });
  const wilson = wilsonInterval(400_000, trials);
  expect(low).toBeCloseTo(wilson.low, 4);
  expect(high).toBeCloseTo(wilson.high, 4);
});
