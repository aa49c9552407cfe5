import { expect, test } from "vitest";
import { medianInterval } from "./figures.ts";

test("the interval of a median is the sign test's", () => {
  // P(X <= 5) = 0.0207 for 20 tosses: the 6th and the 15th value.
  const values = Array.from({ length: 20 }, (_, index) => index + 1);
  expect(medianInterval(values)).toEqual({
    n: 20,
    value: 10.5,
    low: 6,
    high: 15,
    above: 20,
    below: 0,
  });
  // P(X <= 1) = 0.0107 for 10 tosses: the 2nd and the 9th.
  expect(medianInterval(values.slice(0, 10))).toMatchObject({ value: 5.5, low: 2, high: 9 });
});

test("of fewer than six values it is their whole range", () => {
  expect(medianInterval([-2, 3, 0, 7, -1])).toEqual({
    n: 5,
    value: 0,
    low: -2,
    high: 7,
    above: 2,
    below: 2,
  });
});
