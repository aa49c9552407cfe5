import type { Estimate } from "../domain/experiment.ts";

/**
 * Mean with its 95 % normal interval from n, the sum and the sum of squares: for windows of at least some tens of
 * runs, where the central limit theorem carries. The low end never goes below `floor`.
 */
export function meanInterval(
  figures: { n: number; sum: number; sumOfSquares: number },
  floor = Number.NEGATIVE_INFINITY,
): Estimate {
  const { n, sum, sumOfSquares } = figures;
  if (n === 0) return { value: 0, low: 0, high: 0, n };
  const value = sum / n;
  const variance = n < 2 ? 0 : Math.max(0, (sumOfSquares - n * value * value) / (n - 1));
  const half = 1.959963984540054 * Math.sqrt(variance / n);
  return { value, low: Math.max(floor, value - half), high: value + half, n };
}
