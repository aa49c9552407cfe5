import type { Measurement } from "../measurement.ts";

/** Standard errors beyond which a shift is no longer put down to chance. */
const standardErrorsMax = 2;

/**
 * Whether today's prompt does its controls otherwise than when it was calibrated: the difference of both rates in
 * standard errors of Agresti & Caffo (2000), who add a pass and a failure to each side, so that all passes out of a few
 * runs are not certainty. Null while the shift may be chance.
 */
export function controlDrift(
  calibrated: readonly Measurement[],
  now: readonly Measurement[],
  controlIds: ReadonlySet<string>,
): { before: number; now: number } | null {
  const [a, b] = [calibrated, now].map((arm) => {
    const runs = arm.filter(({ benchmarkId }) => controlIds.has(benchmarkId));
    const passes = runs.filter(({ success }) => success).length;
    const rate = (passes + 1) / (runs.length + 2);
    return { n: runs.length, rate, variance: (rate * (1 - rate)) / (runs.length + 2), passes };
  });
  if (a === undefined || b === undefined || a.n === 0 || b.n === 0) return null;
  const error = Math.sqrt(a.variance + b.variance);
  if (Math.abs(a.rate - b.rate) <= standardErrorsMax * error) return null;
  return { before: a.passes / a.n, now: b.passes / b.n };
}
