/**
 * What the sealed rows say about one finalist at one look. The unit of evidence is the benchmark: its repeats are one
 * cluster, so equal answers to equal requests count once and many repeats of few rows prove nothing about others.
 */
import type { Estimate } from "#lib/domain/experiment.ts";
import { gainShare } from "#lib/optimizations/claim-shares.ts";
import { lookRows, type StagePlan } from "#lib/optimizations/stage-plan.ts";
import { boundedMeanTest } from "#lib/stats/bounded-mean-test.ts";
import { clusteredDifference } from "#lib/stats/clustered-difference.ts";
import { clusteredRate } from "#lib/stats/clustered-rate.ts";
import { conditionalPower, sequentialBounds } from "#lib/stats/group-sequential.ts";
import { normalQuantile } from "#lib/stats/normal.ts";
import type { PairedOutcomes } from "#lib/stats/permutation.ts";
import { ratioOfMeans } from "#lib/stats/ratio-of-means.ts";
import { signFlipTest } from "#lib/stats/sign-flip-test.ts";
import type { Measurement } from "../measurement.ts";

/** The last rows are not run when they would show neither claim with this chance. */
const futilePower = 0.1;
/** A sign-flip p-value of 0 or 1 to floating point is no infinite evidence. */
const zMax = 8;

export interface Levels {
  alpha: number;
  gainAlpha: number;
  costAlpha: number;
}

export function levelsOf(alpha: number): Levels {
  return { alpha, gainAlpha: gainShare * alpha, costAlpha: (1 - gainShare) * alpha };
}

export interface SealedEvidence {
  baselineSuccess: Estimate;
  candidateSuccess: Estimate;
  difference: Estimate;
  costRatio: Estimate;
  latencyRatio: Estimate;
  /** z of the larger of two one-sided p-values: the sign-flip test's and the test's of bounded means. */
  z: number;
  won: number;
  lost: number;
  trials: number;
}

/** Shares of the planned rows at each look. */
export function lookFractions({ rows, looks }: StagePlan["proof"]): number[] {
  return lookRows(rows, looks).map((measured) => measured / rows);
}

/** Both arms on the sealed rows measured so far, with the intervals that this look (from 0) allows. */
export function sealedEvidence(
  arms: { baseline: readonly Measurement[]; candidate: readonly Measurement[] },
  {
    benchmarkIds,
    fractions,
    look,
    levels,
  }: {
    benchmarkIds: readonly string[];
    fractions: readonly number[];
    look: number;
    levels: Levels;
  },
): SealedEvidence {
  const pairs = pairsBy(arms, benchmarkIds, ({ success }) => (success ? 1 : 0));
  const costs = pairsBy(arms, benchmarkIds, ({ costUsd }) => costUsd);
  const latencies = pairsBy(arms, benchmarkIds, ({ latencyMs }) => latencyMs);
  const zOf = (alpha: number) => boundAt({ alpha, fractions, look });
  const differences = pairs.map(({ baseline, candidate }) => mean(candidate) - mean(baseline));
  return {
    baselineSuccess: clusteredRate(pairs.map(({ baseline }) => baseline)),
    candidateSuccess: clusteredRate(pairs.map(({ candidate }) => candidate)),
    difference: clusteredDifference(pairs, zOf(levels.gainAlpha)),
    costRatio: ratioOfMeans(costs, zOf(levels.costAlpha)),
    latencyRatio: ratioOfMeans(latencies, zOf(levels.costAlpha)),
    // Signs alone are fooled by many small gains beside a rare large loss; the second test never is and costs little.
    z: zOfP(Math.max(signFlipTest(pairs), boundedMeanTest(pairs))),
    won: differences.filter((d) => d > 0).length,
    lost: differences.filter((d) => d < 0).length,
    trials: pairs.reduce((sum, pair) => sum + pair.baseline.length + pair.candidate.length, 0),
  };
}

/** Whether the gain shows at this look: both by the exact test and by the interval that is shown. */
export function showsGain(
  { z, difference }: SealedEvidence,
  bound: { fractions: readonly number[]; look: number; levels: Levels },
): boolean {
  return z >= boundAt({ ...bound, alpha: bound.levels.gainAlpha }) && difference.low > 0;
}

/** Whether success is not inferior by the margin, and cost lower. */
export function showsCheaperEqual(
  { difference, costRatio }: SealedEvidence,
  margin: number,
): boolean {
  return difference.low >= -margin && costRatio.high < 1;
}

/**
 * Whether the remaining rows would hardly show a gain of the size that the proof was planned for, nor, of a prompt that
 * looks cheaper, that it is not inferior (stochastic curtailment, Lan, Simon & Halperin 1982). It only saves trials:
 * an early end never proves anything.
 */
export function isFutile(
  evidence: SealedEvidence,
  {
    fractions,
    look,
    levels,
    margin,
  }: { fractions: readonly number[]; look: number; levels: Levels; margin: number },
): boolean {
  const fraction = fractions[look] ?? 1;
  if (fraction >= 1) return false;
  const finalBound = boundAt({ alpha: levels.gainAlpha, fractions, look: fractions.length - 1 });
  const plannedDrift = finalBound + normalQuantile(0.8);
  const gain = conditionalPower({ z: evidence.z, fraction, drift: plannedDrift, finalBound });
  if (gain >= futilePower) return false;
  if (evidence.costRatio.value >= 1) return true;
  const { value, low } = evidence.difference;
  const error = Math.max(
    1e-6,
    (value - low) / boundAt({ alpha: levels.gainAlpha, fractions, look }),
  );
  const equal = conditionalPower({
    z: (value + margin) / error,
    fraction,
    drift: margin / (error * Math.sqrt(fraction)),
    finalBound,
  });
  return equal < futilePower;
}

/**
 * The smallest one-sided level at which some look so far would have shown the gain: the p-value of a group-sequential
 * test whose bounds are nested in alpha. `zs` are the looks' z values in their order.
 */
export function sequentialPValue(zs: readonly number[], fractions: readonly number[]): number {
  const shows = (alpha: number) => zs.some((z, look) => z >= boundAt({ alpha, fractions, look }));
  let low = Math.log(1e-9);
  let high = Math.log(0.5);
  if (!shows(0.5)) return 1;
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (shows(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

/** The bound of z at one look. Bounds up to a look depend only on the looks before it. */
export function boundAt({
  alpha,
  fractions,
  look,
}: {
  alpha: number;
  fractions: readonly number[];
  look: number;
}): number {
  const key = `${alpha}/${fractions.join(",")}`;
  let bounds = knownBounds.get(key);
  if (bounds === undefined) {
    bounds = sequentialBounds({ alpha, fractions });
    if (knownBounds.size >= knownBoundsMax) knownBounds.clear();
    knownBounds.set(key, bounds);
  }
  return bounds[look] ?? Number.POSITIVE_INFINITY;
}

/** Bounds are numerical integrals, asked for again and again with few different designs. */
const knownBounds = new Map<string, number[]>();
const knownBoundsMax = 2_000;

function zOfP(p: number): number {
  const z = -normalQuantile(Math.min(1 - 1e-15, Math.max(1e-300, p)));
  return Math.max(-zMax, Math.min(zMax, z));
}

/** Figures of both arms by benchmark: the unit of pairing. */
function pairsBy(
  arms: { baseline: readonly Measurement[]; candidate: readonly Measurement[] },
  benchmarkIds: readonly string[],
  figure: (measurement: Measurement) => number,
): PairedOutcomes[] {
  const [baseline, candidate] = [valuesBy(arms.baseline, figure), valuesBy(arms.candidate, figure)];
  return benchmarkIds
    .map((id) => ({ baseline: baseline.get(id) ?? [], candidate: candidate.get(id) ?? [] }))
    .filter((pair) => pair.baseline.length > 0 && pair.candidate.length > 0);
}

function valuesBy(
  arm: readonly Measurement[],
  figure: (measurement: Measurement) => number,
): Map<string, number[]> {
  const values = new Map<string, number[]>();
  for (const measurement of arm) {
    const own = values.get(measurement.benchmarkId);
    if (own === undefined) values.set(measurement.benchmarkId, [figure(measurement)]);
    else own.push(figure(measurement));
  }
  return values;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
