/**
 * Holm's step-down correction (Holm 1979): adjusted p-values in input order, which keep the chance of any false claim
 * among all of them at the level they are compared with. Throws RangeError for a value outside 0..1.
 */
export function holm(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new RangeError(`${p} is no p-value`);
  const order = pValues
    .map((_, i) => i)
    .sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1) || a - b);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let floor = 0;
  for (const [k, i] of order.entries()) {
    floor = Math.max(floor, Math.min(1, (pValues.length - k) * (pValues[i] ?? 1)));
    adjusted[i] = floor;
  }
  return adjusted;
}
