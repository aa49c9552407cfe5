/**
 * Agreement of two raters on yes-or-no items beyond chance: Cohen's kappa (Cohen 1960).
 *
 * The interval is the 95 % interval of the posterior of kappa under a Dirichlet prior of one half in each cell (Jeffreys),
 * as in Basu, Banerjee & Sen (2000), drawn 10,000 times. The usual interval of Fleiss, Cohen & Everitt (1969) is too
 * narrow below: with 50 to 80 items its lower bound lay above the truth in 3 to 12 % of simulated cases where 2.5 % were
 * meant, and it has no width at full agreement. This one's did in at most 2.7 %.
 *
 * Items of one cluster (answers to one question) may err together. The counts are divided by the design effect that the
 * variance of Fleiss, Cohen & Everitt shows when it is summed by cluster; where nobody disagrees that variance is silent,
 * and each cluster counts once.
 */
import type { Draws } from "../random.ts";
import { quantile } from "./quantile.ts";

/** One item with what both raters said of it. */
export interface RatedItem {
  cluster: string;
  first: boolean;
  second: boolean;
}

export interface KappaEstimate {
  /** 1 is full agreement, 0 what chance alone would give. */
  value: number;
  low: number;
  high: number;
  /** Items. */
  n: number;
  clusters: number;
  /** As many independent items would say as much; the interval rests on it. */
  effectiveN: number;
}

/** Items by what the first (row) and the second rater (column) said; yes comes first. */
type Cells = readonly [number, number, number, number];

const posteriorDraws = 10_000;
const jeffreys = 0.5;
/** Each round of drawing succeeds in more than 95 of 100 cases. */
const roundsMax = 1_000;

/** Null where it has no value: there is no item, or both raters said the same of all items. */
export function cohenKappa(items: readonly RatedItem[], draws: Draws): KappaEstimate | null {
  const cells = cellsOf(items);
  const value = kappaOf(cells);
  if (value === null) return null;
  const clusters = new Set(items.map(({ cluster }) => cluster)).size;
  const effect = designEffect(items, cells, value);
  const shapes = cells.map((count) => count / effect + jeffreys);
  const sample: number[] = [];
  for (let k = 0; k < posteriorDraws; k++) {
    const [a = 0, b = 0, c = 0, d = 0] = shapes.map((shape) => gamma(shape, draws));
    sample.push(kappaOf([a, b, c, d]) ?? 0);
  }
  sample.sort((a, b) => a - b);
  return {
    value,
    low: Math.min(value, quantile(sample, 0.025)),
    high: Math.max(value, quantile(sample, 0.975)),
    n: items.length,
    clusters,
    effectiveN: items.length / effect,
  };
}

function cellsOf(items: readonly RatedItem[]): Cells {
  const count = (first: boolean, second: boolean) =>
    items.filter((item) => item.first === first && item.second === second).length;
  return [count(true, true), count(true, false), count(false, true), count(false, false)];
}

function kappaOf([yesYes, yesNo, noYes, noNo]: Cells): number | null {
  const n = yesYes + yesNo + noYes + noNo;
  if (n === 0) return null;
  const agreed = (yesYes + noNo) / n;
  const byChance =
    ((yesYes + yesNo) * (yesYes + noYes) + (noYes + noNo) * (yesNo + noNo)) / (n * n);
  return byChance >= 1 ? null : (agreed - byChance) / (1 - byChance);
}

/** How many items of these say as much as one independent item; at least 1. */
function designEffect(items: readonly RatedItem[], cells: Cells, kappa: number): number {
  const influence = influenceIn(cells, kappa);
  const sums = new Map<string, number>();
  let single = 0;
  for (const { cluster, first, second } of items) {
    const own = influence(first, second);
    single += own * own;
    sums.set(cluster, (sums.get(cluster) ?? 0) + own);
  }
  if (single < 1e-12) return items.length / sums.size;
  if (sums.size < 2) return items.length;
  const clustered = [...sums.values()].reduce((total, sum) => total + sum * sum, 0);
  return Math.max(1, (clustered * sums.size) / (sums.size - 1) / single);
}

/** What one more item of a kind does to kappa: the terms of the variance of Fleiss, Cohen & Everitt (1969). */
function influenceIn(
  [yesYes, yesNo, noYes, noNo]: Cells,
  kappa: number,
): (first: boolean, second: boolean) => number {
  const n = yesYes + yesNo + noYes + noNo;
  const agreed = (yesYes + noNo) / n;
  const firstYes = (yesYes + yesNo) / n;
  const secondYes = (yesYes + noYes) / n;
  const byChance = firstYes * secondYes + (1 - firstYes) * (1 - secondYes);
  return (first, second) => {
    const own = first === second ? 1 : 0;
    const margins = (first ? secondYes : 1 - secondYes) + (second ? firstYes : 1 - firstYes);
    return (own - agreed - (1 - kappa) * (margins - 2 * byChance)) / (1 - byChance);
  };
}

/** A draw from the gamma distribution of a shape above 0 and scale 1 (Marsaglia & Tsang 2000). */
function gamma(shape: number, draws: Draws): number {
  if (shape < 1) return gamma(shape + 1, draws) * draws.next() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (let round = 0; round < roundsMax; round++) {
    const x = normal(draws);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - draws.next()) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return d * v;
  }
  throw new RangeError(`no gamma draw of shape ${shape}`);
}

/** A standard normal draw (Box & Muller 1958): the sum of uniforms has too light tails for the method above. */
function normal(draws: Draws): number {
  return Math.sqrt(-2 * Math.log(1 - draws.next())) * Math.cos(2 * Math.PI * draws.next());
}
