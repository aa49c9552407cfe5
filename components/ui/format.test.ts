import { expect, test } from "vitest";
import {
  changeOf,
  confidence,
  count,
  duration,
  percentEstimate,
  points,
  pointsRange,
  pValue,
  ratio,
  roughRange,
  timeAgo,
  usd,
} from "./format.ts";

/** Tests read better with plain spaces. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

test("a rate is shown with its interval and the number of observations", () => {
  expect(plain(percentEstimate({ value: 0.62, low: 0.48, high: 0.744, n: 50 }))).toBe(
    "62 % (48–74, n = 50)",
  );
});

test.each([
  [0, "$0"],
  [0.0132, "$0.0132"],
  [0.000_45, "$0.000450"],
  [0.104, "$0.104"],
  [0.04, "$0.0400"],
  [0.5, "$0.50"],
  [4.2, "$4.20"],
  [-0.02, "−$0.0200"],
  [12_500, "$12 500"],
])("the amount %d is written %s", (amount, text) => {
  expect(plain(usd(amount))).toBe(text);
});

test.each([
  [840, "840 ms"],
  [2_345, "2.35 s"],
  [9_996, "10.0 s"],
  [12_400, "12.4 s"],
  [200_000, "3 min 20 s"],
  [7_500_000, "2 h 05 min"],
])("%d milliseconds are %s", (ms, text) => {
  expect(plain(duration(ms))).toBe(text);
});

test("the time left is a range that says no more than is known", () => {
  expect(plain(roughRange({ low: 0, high: 30_000 }))).toBe("under a minute");
  expect(plain(roughRange({ low: 100_000, high: 230_000 }))).toBe("1–4 min");
  expect(plain(roughRange({ low: 170_000, high: 175_000 }))).toBe("2–3 min");
});

test("a difference carries its sign", () => {
  expect(plain(points(0.2))).toBe("+20 points");
  expect(plain(points(-0.01))).toBe("−1 point");
  expect(plain(points(0.001))).toBe("±0 points");
  expect(plain(pointsRange({ low: 0.12, high: 0.31 }))).toBe("+12 to +31 points");
});

test("more success is better, more cost and latency are worse", () => {
  expect(changeOf("successRate", 0.1)).toBe("better");
  expect(changeOf("costUsd", 0.1)).toBe("worse");
  expect(changeOf("latencyMs", -5)).toBe("better");
  expect(changeOf("costUsd", 0)).toBe("same");
});

test("a ratio says in words which way it goes and whether that is good", () => {
  expect(ratio("costUsd", 1.05)).toMatchObject({ change: "worse" });
  expect(plain(ratio("costUsd", 1.05).text)).toBe("5 % more expensive");
  expect(plain(ratio("latencyMs", 0.9).text)).toBe("10 % faster");
  expect(ratio("latencyMs", 1.001).change).toBe("same");
});

test("big numbers are grouped and past moments are told from now", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  expect(plain(count(1_250_000))).toBe("1 250 000");
  expect(plain(timeAgo("2026-11-23T11:56:00Z", now))).toBe("4 min ago");
  expect(plain(timeAgo("2026-11-20T12:00:00Z", now))).toBe("3 days ago");
});

test("a confidence near one never reads as certainty, and a small p-value never as zero", () => {
  expect(plain(confidence(0.96))).toBe("96 %");
  expect(plain(confidence(0.9967))).toBe("99.7 %");
  expect(pValue(0.0214)).toBe("0.021");
  expect(pValue(0.00042)).toBe("0.0004");
  expect(pValue(1e-12)).toBe("below 0.0001");
});
