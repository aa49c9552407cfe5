import { expect, test } from "vitest";
import { searchEstimate } from "./search-estimate.ts";

test("the interval always holds the search's rate, even where the measured rate is far from it", () => {
  for (const [rate, successes] of [
    [0.62, 25],
    [0.3, 0],
    [0.5, 12],
  ] as const) {
    const { low, value, high, n } = searchEstimate({ rate, successes, trials: 25 });
    expect(value).toBe(rate);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1);
    expect(n).toBe(25);
  }
});

test("a prompt without a trial has no bounds but 0 and 1", () => {
  expect(searchEstimate({ rate: 0.4, successes: 0, trials: 0 })).toEqual({
    value: 0.4,
    low: 0,
    high: 1,
    n: 0,
  });
});
