/**
 * Interval of the mean difference of two arms, paired over clusters: Bonett & Price's adjusted Wald interval for
 * paired proportions (2012), generalised from one trial an arm to clusters. One pseudo-cluster of +1 and one of −1 are
 * added, which keeps the interval honest with few rows and when every row agrees, where the plain one has no width.
 */
import type { Estimate } from "../domain/experiment.ts";
import { mean } from "./mean.ts";
import type { PairedOutcomes } from "./permutation.ts";

/**
 * Mean over clusters of (candidate mean − baseline mean), for outcomes within 0..1, with the two-sided interval of
 * the normal quantile `z`; n is the number of clusters. The value is the plain mean. Pairs that lack an arm are left
 * out; without any the interval is the whole range −1..1.
 */
export function clusteredDifference(pairs: readonly PairedOutcomes[], z: number): Estimate {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (const { baseline, candidate } of pairs) {
    if (baseline.length === 0 || candidate.length === 0) continue;
    const d = mean(candidate) - mean(baseline);
    n++;
    sum += d;
    squares += d * d;
  }
  if (n === 0) return { value: 0, low: -1, high: 1, n };
  const value = sum / n;
  const adjusted = sum / (n + 2);
  const variance = Math.max(0, (squares + 2) / (n + 2) - adjusted * adjusted);
  const half = z * Math.sqrt(variance / (n + 2));
  return {
    value,
    low: Math.max(-1, Math.min(value, adjusted - half)),
    high: Math.min(1, Math.max(value, adjusted + half)),
    n,
  };
}

/**
 * Largest share of rows that may still change although none of `n` did, with confidence `level`: 1 − (1 − level)^(1/n),
 * the one-sided bound of Clopper & Pearson (1934). Without rows it is 1. Throws RangeError for a negative n or a level
 * outside 0..1.
 */
export function noFlipBound(n: number, level = 0.95): number {
  if (!(n >= 0) || !(level > 0 && level < 1))
    throw new RangeError(`no bound for ${n} rows at level ${level}`);
  return n === 0 ? 1 : 1 - (1 - level) ** (1 / n);
}
