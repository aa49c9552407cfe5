/**
 * How many more repeats would decide an undecided confirmation, from the power of its test and not from the width of an
 * interval alone: repeats shrink the noise of single runs, but not the difference between benchmarks.
 */
import type { PairedOutcomes } from "#lib/stats/permutation.ts";

/** One-sided 2.5 % and a power of 80 %, as standard normal quantiles. */
const levelQuantile = 1.959963984540054;
const powerQuantile = 0.8416212335729143;
const repeatsMax = 100;

/**
 * Repeats of both arms to add to the `repeats` there are, until a true difference as large as the one observed would be
 * told from `bound` with a power of 80 %; null when no number of repeats would within reason.
 */
export function repeatsToDecide(
  pairs: readonly PairedOutcomes[],
  { repeats, bound }: { repeats: number; bound: number },
): number | null {
  const n = pairs.length;
  if (n < 2) return null;
  const differences = pairs.map(({ baseline, candidate }) => mean(candidate) - mean(baseline));
  const difference = mean(differences);
  const distance = Math.abs(difference - bound);
  // Noise of a single run of both arms, from rates drawn a little to the middle: 5 of 5 is not certainty.
  const noise = mean(pairs.map((pair) => variance(pair.baseline) + variance(pair.candidate)));
  const spread = mean(differences.map((d) => (d - difference) ** 2)) * (n / (n - 1));
  const between = Math.max(0, spread - noise / repeats);
  for (let total = repeats + 1; total <= repeats + repeatsMax; total++) {
    const interval = levelQuantile * Math.sqrt((between + noise / total) / n);
    const luck = powerQuantile * Math.sqrt(noise / total / n);
    if (distance >= interval + luck) return total - repeats;
  }
  return null;
}

function variance(outcomes: readonly number[]): number {
  const rate = (outcomes.reduce((sum, value) => sum + value, 0) + 0.5) / (outcomes.length + 1);
  return rate * (1 - rate);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
