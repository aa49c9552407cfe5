/**
 * Quantile of values sorted in increasing order, by linear interpolation between order statistics (type 7 of Hyndman
 * & Fan 1996). Throws RangeError for an empty list or q outside 0..1.
 */
export function quantile(sorted: readonly number[], q: number): number {
  if (sorted.length === 0 || !(q >= 0 && q <= 1))
    throw new RangeError(`no quantile ${q} of ${sorted.length} values`);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}

/** The median of values in any order. */
export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}
