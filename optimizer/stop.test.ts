import { expect, test } from "vitest";
import { hasStalled, proposerTemperature } from "./stop.ts";

const flat = (generations: number) => Array.from({ length: generations }, () => 0.3);

test("a search stalls after forty children without growth, however many a generation has", () => {
  expect(hasStalled(flat(21), 2)).toBe(true);
  expect(hasStalled(flat(20), 2)).toBe(false);
  expect(hasStalled([...flat(20), 0.31], 2)).toBe(false);
  expect(hasStalled(flat(11), 4)).toBe(true);
});

test("the proposer gets warmer after nine children without growth", () => {
  expect(proposerTemperature(flat(5), 2)).toBeNull();
  expect(proposerTemperature(flat(6), 2)).toBe(1);
  expect(proposerTemperature([...flat(5), 0.31], 2)).toBeNull();
});
