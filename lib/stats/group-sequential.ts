/**
 * Group-sequential test with alpha spending (Lan & DeMets 1983), O'Brien-Fleming type: early looks are allowed and
 * expensive, and the last look keeps nearly the whole level. One-sided; there is no bound for futility, so stopping
 * early for another reason can only lower the chance of a false claim.
 *
 * Bounds and power come from the recursive numerical integration of Armitage, McPherson & Rowe (1969): the density of
 * z among the paths that have not crossed yet is carried from look to look on a grid (Simpson's rule). z at
 * information fraction t has mean drift·√t and variance 1, with independent increments.
 */
import { normalCdf, normalDensity, normalQuantile } from "./normal.ts";

export interface SequentialDesign {
  /** One-sided level of all looks together. */
  alpha: number;
  /** Share of the whole information at each look, ascending; the last is 1. */
  fractions: readonly number[];
}

export interface SequentialPower {
  /** Chance to cross a bound at any look. */
  power: number;
  /** Mean share of the whole information that is used. */
  expectedFraction: number;
}

export interface ConditionalState {
  /** The z statistic so far. */
  z: number;
  /** Share of the whole information that it rests on, 0..1. */
  fraction: number;
  /** Mean of the z statistic at full information that is assumed for the rest. */
  drift: number;
  /** The bound of z at full information. */
  finalBound: number;
}

/** A bound that no path reaches: its chance leaves the range of a double. */
const unreachable = 38;
/** Deviations from the mean beyond which no path is followed: chances of 1e-89. */
const farthestPath = 20;
const pointsMax = 4_000;

/** Alpha spent up to an information fraction: 2 − 2Φ(Φ⁻¹(1 − alpha/2)/√t), without loss of digits when it is tiny. */
export function spentAlpha(alpha: number, fraction: number): number {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`${alpha} is no level of a test`);
  if (!(fraction > 0 && fraction <= 1)) throw new RangeError(`${fraction} is no share`);
  return Math.min(alpha, 2 * normalCdf(normalQuantile(alpha / 2) / Math.sqrt(fraction)));
}

/**
 * The bound of z at each look: the test is significant as soon as z reaches it. Throws RangeError unless 0 < alpha < 1
 * and the fractions ascend to 1.
 */
export function sequentialBounds(design: SequentialDesign): number[] {
  checkDesign(design);
  const bounds: number[] = [];
  let paths: Paths | null = null;
  let spent = 0;
  for (const [look, fraction] of design.fractions.entries()) {
    const now = spentAlpha(design.alpha, fraction);
    const bound = boundThatSpends(now - spent, paths, fraction);
    bounds.push(bound);
    spent = now;
    const next = design.fractions[look + 1];
    if (next !== undefined) paths = carriedOn(paths, { fraction, next, drift: 0, bound });
  }
  return bounds;
}

/** Power and expected information of a design when z at full information has mean `drift`. */
export function sequentialPower(design: SequentialDesign, drift: number): SequentialPower {
  return boundedPower({ bounds: sequentialBounds(design), fractions: design.fractions }, drift);
}

/** The same for bounds of any origin, one for each look. */
export function boundedPower(
  { bounds, fractions }: { bounds: readonly number[]; fractions: readonly number[] },
  drift: number,
): SequentialPower {
  if (!Number.isFinite(drift)) throw new RangeError(`${drift} is no drift`);
  let paths: Paths | null = null;
  let power = 0;
  let expectedFraction = 0;
  for (const [look, fraction] of fractions.entries()) {
    const bound = bounds[look] ?? unreachable;
    const crossing = crossingChance(bound, paths, { fraction, drift });
    const next = fractions[look + 1];
    expectedFraction += fraction * (next === undefined ? Math.max(0, 1 - power) : crossing);
    power += crossing;
    if (next !== undefined) paths = carriedOn(paths, { fraction, next, drift, bound });
  }
  return { power: Math.min(1, power), expectedFraction };
}

/** Chance that z at full information reaches the final bound, given z so far (Lan, Simon & Halperin 1982). */
export function conditionalPower({ z, fraction, drift, finalBound }: ConditionalState): number {
  if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`${fraction} is no share`);
  if (![z, drift, finalBound].every(Number.isFinite))
    throw new RangeError("z, drift and the bound must be finite numbers");
  const left = 1 - fraction;
  if (left === 0) return z >= finalBound ? 1 : 0;
  return normalCdf((z * Math.sqrt(fraction) + drift * left - finalBound) / Math.sqrt(left));
}

/** The paths that have not crossed at a look: chance of each point of a grid of z. */
interface Paths {
  fraction: number;
  z: Float64Array;
  chance: Float64Array;
}

interface Look {
  fraction: number;
  drift: number;
}

/** Chance of the paths that reach `bound` at this look first. */
function crossingChance(bound: number, paths: Paths | null, { fraction, drift }: Look): number {
  if (paths === null) return normalCdf(drift * Math.sqrt(fraction) - bound);
  const step = fraction - paths.fraction;
  const before = Math.sqrt(paths.fraction / step);
  const now = bound * Math.sqrt(fraction / step) - drift * Math.sqrt(step);
  let sum = 0;
  for (let i = 0; i < paths.z.length; i++)
    sum += (paths.chance[i] ?? 0) * normalCdf((paths.z[i] ?? 0) * before - now);
  return sum;
}

/** Density of z at this look among the paths that have not crossed before. */
function densityAt(z: number, paths: Paths | null, { fraction, drift }: Look): number {
  if (paths === null) return normalDensity(z - drift * Math.sqrt(fraction));
  const step = fraction - paths.fraction;
  const before = Math.sqrt(paths.fraction / step);
  const now = z * Math.sqrt(fraction / step) - drift * Math.sqrt(step);
  let sum = 0;
  for (let i = 0; i < paths.z.length; i++)
    sum += (paths.chance[i] ?? 0) * normalDensity(now - (paths.z[i] ?? 0) * before);
  return sum * Math.sqrt(fraction / step);
}

/** The bound at which the paths that cross first at this look have chance `chance`, under no drift. */
function boundThatSpends(chance: number, paths: Paths | null, fraction: number): number {
  if (!(chance > 1e-300)) return unreachable;
  const look = { fraction, drift: 0 };
  // Without earlier looks it is exact; earlier looks only take paths away, so the bound is at most this.
  let bound = -normalQuantile(chance);
  for (let step = 0; step < 100 && paths !== null; step++) {
    const crossing = crossingChance(bound, paths, look);
    // The logarithm of the crossing chance is concave, so Newton's method comes from above and does not overshoot.
    const change = (Math.log(crossing / chance) * crossing) / densityAt(bound, paths, look);
    if (!Number.isFinite(change)) throw new RangeError("these looks lie too close together");
    bound += change;
    if (Math.abs(change) <= 1e-11) break;
  }
  return Math.min(unreachable, bound);
}

/** The paths below the bound of a look, on a grid fine enough for this look and the next. */
function carriedOn(
  paths: Paths | null,
  { fraction, next, drift, bound }: Look & { next: number; bound: number },
): Paths {
  const mean = drift * Math.sqrt(fraction);
  const low = Math.min(mean, bound) - 8.5;
  const high = Math.min(bound, mean + farthestPath);
  const increment = Math.min(fraction - (paths?.fraction ?? 0), next - fraction) / fraction;
  const wanted = (high - low) / Math.min(0.05, Math.sqrt(increment) / 8);
  const intervals = 2 * Math.ceil(Math.min(pointsMax, wanted) / 2);
  const width = (high - low) / intervals;
  const z = new Float64Array(intervals + 1);
  const chance = new Float64Array(intervals + 1);
  for (let i = 0; i <= intervals; i++) {
    const at = low + i * width;
    const weight = i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2;
    z[i] = at;
    chance[i] = ((weight * width) / 3) * densityAt(at, paths, { fraction, drift });
  }
  return { fraction, z, chance };
}

function checkDesign({ alpha, fractions }: SequentialDesign): void {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`${alpha} is no level of a test`);
  const ascending = fractions.every((fraction, i) => fraction > (fractions[i - 1] ?? 0));
  if (!ascending || fractions.at(-1) !== 1)
    throw new RangeError(`the looks ${fractions.join(", ")} do not ascend to 1`);
}
