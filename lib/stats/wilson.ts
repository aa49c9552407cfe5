import type { Interval } from "../domain/experiment.ts";

/**
 * Wilson's score interval for a rate (Wilson 1927): the two-sided interval of `successes` out of `n` trials, 95 % with
 * the default z. Throws RangeError unless 0 ≤ successes ≤ n; without trials it is the whole range 0..1.
 */
export function wilsonInterval(successes: number, n: number, z = 1.959963984540054): Interval {
  if (!(n >= 0 && successes >= 0 && successes <= n)) {
    throw new RangeError(`${successes} successes of ${n} trials are not possible`);
  }
  if (n === 0) return { low: 0, high: 1 };
  const p = successes / n;
  const z2 = z * z;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === n ? 1 : Math.min(1, centre + half),
  };
}
