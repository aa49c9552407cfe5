import { expect, test } from "vitest";
import { attackLines, bounds, measureAttacks } from "./measure-attacks.ts";

const lines = attackLines();

/** The cases that took most memory of all when each was measured alone by `attacks.ts`. */
const heaviest = ["string-growth-015", "regex-008", "range-bomb-002", "nested-loops-001"];

test("no attack runs code, leaks, stalls the process or spoils the next rendering", () => {
  const measures = measureAttacks(lines);
  expect(measures).toHaveLength(221);
  for (const found of measures) {
    expect(found.worked, found.id).toBe(false);
    expect(found.nextRenders, found.id).toBe(true);
    expect(found.admissionMs, found.id).toBeLessThanOrEqual(bounds.admissionMs);
    expect(found.renderMs, found.id).toBeLessThanOrEqual(bounds.renderMs);
  }
}, 120_000);

test.each(heaviest)(
  "%s keeps the memory of its process within bounds",
  (id) => {
    const measures = measureAttacks(lines.filter((line) => line.includes(`"${id}"`)));
    expect(measures).toHaveLength(1);
    expect(measures[0]?.growthMb).toBeLessThanOrEqual(bounds.growthMb);
  },
  60_000,
);
