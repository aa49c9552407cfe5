import { expect, test } from "vitest";
import { payBackOf } from "./pay-back.ts";

const estimate = (value: number, low: number, high: number) => ({ value, low, high, n: 25 });

test("calls to pay back are the search's cost over what one call saves, widest where the ratio is nearest to one", () => {
  const { callsToPayBack, candidateUsdPerCall } = payBackOf({
    searchUsd: 10,
    baselineUsdPerCall: 0.01,
    verdict: { costRatio: estimate(0.5, 0.25, 0.75), difference: estimate(0, -0.1, 0.1) },
  });
  expect(candidateUsdPerCall).toBeCloseTo(0.005);
  expect(callsToPayBack).toEqual({ value: 2_000, low: 1_334, high: 4_000 });
});

test("a candidate that is not cheaper never pays the search back", () => {
  const dearer = payBackOf({
    searchUsd: 10,
    baselineUsdPerCall: 0.01,
    verdict: { costRatio: estimate(1.2, 1.1, 1.3), difference: estimate(0.2, 0.1, 0.3) },
  });
  expect(dearer.callsToPayBack).toEqual({ value: null, low: null, high: null });
});

test("an interval of the cost ratio that holds one leaves the pay-back without an upper end", () => {
  const unsure = payBackOf({
    searchUsd: 1,
    baselineUsdPerCall: 0.01,
    verdict: { costRatio: estimate(0.9, 0.8, 1.02), difference: estimate(0, -0.1, 0.1) },
  });
  expect(unsure.callsToPayBack.value).toBe(1_000);
  expect(unsure.callsToPayBack.high).toBeNull();
});

test("one more success costs the dearer call and its part of the search, over the gain", () => {
  const { usdPerExtraSuccess } = payBackOf({
    searchUsd: 10,
    baselineUsdPerCall: 0.01,
    verdict: { costRatio: estimate(1.1, 1.05, 1.15), difference: estimate(0.2, 0.1, 0.4) },
  });
  expect(usdPerExtraSuccess.value).toBeCloseTo(0.01);
  expect(usdPerExtraSuccess.low).toBeCloseTo(0.005);
  expect(usdPerExtraSuccess.high).toBeCloseTo(0.02);
});

test("without a gain there is no price of an extra success", () => {
  const { usdPerExtraSuccess } = payBackOf({
    searchUsd: 10,
    baselineUsdPerCall: 0.01,
    verdict: { costRatio: estimate(1, 0.9, 1.1), difference: estimate(-0.05, -0.1, 0.1) },
  });
  expect(usdPerExtraSuccess).toEqual({ value: null, low: null, high: null });
});

test("a call of a model that costs nothing has nothing to pay back with", () => {
  const free = payBackOf({
    searchUsd: 0,
    baselineUsdPerCall: 0,
    verdict: { costRatio: estimate(0.5, 0.4, 0.6), difference: estimate(0.2, 0.1, 0.4) },
  });
  expect(free.callsToPayBack.value).toBeNull();
});
