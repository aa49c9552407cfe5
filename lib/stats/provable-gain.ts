/**
 * What a proof of a given size can show, before a trial is paid: power of the group-sequential sign-flip test for a
 * gain in the success rate on rows like these.
 *
 * The model. A row changes from fail to pass with probability w and from pass to fail with probability l. Then
 * w − l is the gain, and w + l the share of discordant rows: at least the gain, at least `discordance` where the rate
 * today leaves room for it (w ≤ 1 − rate, l ≤ rate). One row's difference has the variance (w + l) − gain². Repeats
 * that differ shrink the share `within` of it; where repeats are copies, say `repeats: 1`.
 *
 * One observation an arm and up to 160 rows: the power is exact. Otherwise z is normal with the mean and variance of
 * the model, against bounds in the units of the test: its null deviation is that of the signs, √(variance + gain²),
 * and the sum has to reach further by what stands between the test and a normal one. That is the next possible value
 * of a sum of outcomes, on average one repeat away, or, with the guard against skew (boundedMeanTest beside
 * signFlipTest), the worst row of all, one whole row away. Without this a normal model promises up to fifteen points
 * of power too much at 40 rows.
 */
import { flipPower } from "./flip-power.ts";
import { boundedPower, type SequentialDesign, sequentialBounds } from "./group-sequential.ts";

/** Below this number of rows nothing is ever called proven. */
export const provableRowsMin = 20;
const exactRowsMax = 160;
const rowsMax = 100_000;
const defaultPower = 0.8;

export interface ProofModel {
  /** Trials of each arm on a row that can differ from each other. */
  repeats: number;
  /** Success rate of the incumbent on random rows, 0..1. */
  todayRate: number;
  /** Share of rows whose outcome changes when nothing gets better; 0.3 by default. */
  discordance?: number;
  /** Share of a row's variance that repeats shrink; 0.5 by default. */
  within?: number;
  /** Whether boundedMeanTest has to agree with signFlipTest; true by default. It matters only with repeats. */
  skewGuard?: boolean;
  design: SequentialDesign;
}

/** Chance to prove a true gain of `gain` (0..1 units) with this many rows; 0 below 20 rows. */
export function gainPower(model: ProofModel & { rows: number; gain: number }): number {
  return powerWithBounds(model, sequentialBounds(model.design));
}

/**
 * The smallest gain, in 0..1 units, that is proven with the wanted power (0.8 by default). Null below 20 rows, and
 * when even a candidate that passes every row would not be proven often enough.
 */
export function smallestProvableGain(
  model: ProofModel & { rows: number; power?: number },
): number | null {
  const bounds = sequentialBounds(model.design);
  const enough = (gain: number) =>
    powerWithBounds({ ...model, gain }, bounds) >= (model.power ?? defaultPower);
  let high = 1 - model.todayRate;
  if (!enough(high)) return null;
  let low = 0;
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * A number of rows, at least 20, that proves `gain` with the wanted power (0.8 by default), found by bisection; power
 * rises with the rows in small saws, so a few rows fewer may do as well. Null when the rate cannot rise by so much, or
 * 100,000 rows are too few.
 */
export function rowsForGain(model: ProofModel & { gain: number; power?: number }): number | null {
  if (!(model.gain > 0) || model.gain > 1 - model.todayRate + 1e-12) return null;
  const bounds = sequentialBounds(model.design);
  const enough = (rows: number) =>
    powerWithBounds({ ...model, rows }, bounds) >= (model.power ?? defaultPower);
  let high = provableRowsMin;
  while (!enough(high)) {
    if (high === rowsMax) return null;
    high = Math.min(rowsMax, high * 2);
  }
  let low = high === provableRowsMin ? high : Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The smallest drop in success, in 0..1 units, that a proof of non-inferiority excludes with the wanted power (0.8 by
 * default) when the candidate is in truth equal: the interval is that of clusteredDifference, its pseudo-clusters
 * included. `discordance` is the share of rows that change (0.3 by default). Null below 20 rows.
 */
export function smallestExcludedDrop({
  rows,
  repeats = 1,
  discordance = 0.3,
  within = 0.5,
  design,
  power = defaultPower,
}: Partial<ProofModel> & {
  rows: number;
  design: SequentialDesign;
  power?: number;
}): number | null {
  if (rows < provableRowsMin) return null;
  const variance = shrunk(discordance, repeats, within);
  const error = Math.sqrt((rows * variance + 2) / (rows + 2) / (rows + 2));
  const sequential = { bounds: sequentialBounds(design), fractions: design.fractions };
  let [low, high] = [0, 20];
  for (let step = 0; step < 25; step++) {
    const middle = (low + high) / 2;
    if (boundedPower(sequential, middle).power >= power) high = middle;
    else low = middle;
  }
  const drop = high * error;
  return drop < 1 ? drop : null;
}

function powerWithBounds(
  {
    rows,
    repeats,
    todayRate,
    gain,
    discordance = 0.3,
    within = 0.5,
    skewGuard = true,
    design,
  }: ProofModel & { rows: number; gain: number },
  bounds: readonly number[],
): number {
  checkModel({ rows, repeats, todayRate, gain, discordance, within });
  if (rows < provableRowsMin) return 0;
  const discordant = Math.max(
    Math.abs(gain),
    Math.min(Math.max(gain, discordance), 2 * (1 - todayRate) - gain, 2 * todayRate + gain),
  );
  if (repeats === 1 && rows <= exactRowsMax) {
    const looks = design.fractions.map((fraction) => Math.max(1, Math.round(fraction * rows)));
    return flipPower({
      win: (discordant + gain) / 2,
      loss: (discordant - gain) / 2,
      looks,
      bounds,
    });
  }
  // A difference without variance is a candidate that changes every row alike.
  const variance = Math.max(1e-9, shrunk(discordant - gain * gain, repeats, within));
  const nullDeviation = Math.sqrt(variance + gain * gain);
  const asTested = bounds.map((bound, look) => {
    const observed = rows * (design.fractions[look] ?? 1);
    const further = (skewGuard ? 1 : 1 / repeats) / Math.sqrt(observed);
    return (bound * nullDeviation + further) / Math.sqrt(variance);
  });
  const drift = (gain * Math.sqrt(rows)) / Math.sqrt(variance);
  return boundedPower({ bounds: asTested, fractions: design.fractions }, drift).power;
}

function shrunk(variance: number, repeats: number, within: number): number {
  return variance * (1 - within + within / repeats);
}

function checkModel(model: {
  rows: number;
  repeats: number;
  todayRate: number;
  gain: number;
  discordance: number;
  within: number;
}): void {
  const { rows, repeats, todayRate, gain, discordance, within } = model;
  const shares = [todayRate, discordance, within].every((share) => share >= 0 && share <= 1);
  const counts = Number.isInteger(rows) && rows >= 0 && Number.isInteger(repeats) && repeats >= 1;
  const possible = gain <= 1 - todayRate + 1e-12 && gain >= -todayRate - 1e-12;
  if (!shares || !counts || !possible)
    throw new RangeError(`no such proof: ${JSON.stringify(model)}`);
}
