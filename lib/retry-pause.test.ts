import { expect, test } from "vitest";
import { draw } from "./random.ts";
import { retryAfterMs, retryPauseMs } from "./retry-pause.ts";

const rule = { firstMs: 1_000, growth: 2, maxMs: 10_000 };
const pauseOf = (failed: number, told: number | null, seed = 1) =>
  retryPauseMs(failed, told, { rule, draws: draw(seed, failed) });

test("a named time is waited for in full, a little spread, and no longer than the longest pause", () => {
  for (let seed = 0; seed < 50; seed++) {
    expect(pauseOf(1, 4_000, seed)).toBeGreaterThanOrEqual(4_000);
    expect(pauseOf(1, 4_000, seed)).toBeLessThanOrEqual(4_400);
    expect(pauseOf(1, 3_600_000, seed)).toBe(10_000);
  }
});

test("who says at once is not asked in a tight loop", () => {
  expect(pauseOf(1, 0)).toBeGreaterThanOrEqual(200);
});

test("where nobody named a time pauses grow, are bounded, and are the same for the same seed", () => {
  for (let seed = 0; seed < 50; seed++) {
    const pauses = [1, 2, 3, 9].map((failed) => pauseOf(failed, null, seed));
    for (const [index, longest] of [1_000, 2_000, 4_000].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(longest / 2);
      expect(pauses[index]).toBeLessThanOrEqual(longest);
    }
    expect(pauses[3]).toBeLessThanOrEqual(10_000);
    expect([1, 2, 3, 9].map((failed) => pauseOf(failed, null, seed))).toEqual(pauses);
  }
  const different = new Set(Array.from({ length: 20 }, (_, seed) => pauseOf(1, null, seed)));
  expect(different.size).toBeGreaterThan(10);
});

test("Retry-After is read as seconds or as a date, and nothing else", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  expect(retryAfterMs("1.5", now)).toBe(1_500);
  expect(retryAfterMs("-3", now)).toBe(0);
  expect(retryAfterMs("Thu, 01 Jan 2026 00:00:20 GMT", now)).toBe(20_000);
  expect(retryAfterMs("Wed, 31 Dec 2025 00:00:00 GMT", now)).toBe(0);
  for (const nothing of [undefined, "", "soon"]) expect(retryAfterMs(nothing, now)).toBeNull();
});
