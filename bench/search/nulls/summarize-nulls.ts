import { holm } from "#lib/stats/holm.ts";
import { mean, type Rate, rateOf } from "../figures.ts";
import { atLeast, upperBound } from "./binomial.ts";
import type { NullRun } from "./modes.ts";

/** The most that any figure of an error may be. */
export const errorMax = 0.05;

export interface CellSummary {
  cell: string;
  runs: number;
  falsePromotion: Rate;
  /** Exact one-sided upper bound at 95 %. */
  falsePromotionMost: number;
  /** Chance of so many or more false promotions if their rate were 5 %, after Holm's correction over the cells. */
  pAboveHolm: number;
  power: Rate;
  /** Of the runs whose finalists held the planted sentence. */
  powerGivenFound: Rate;
  found: Rate;
  /** Finalists that break a required row: condemned for it, and handed over nevertheless. */
  caught: Rate;
  missed: Rate;
  harmlessCondemned: Rate;
  ordered: number;
  orderedMax: number;
}

export interface NullSummary {
  cells: CellSummary[];
  /** All runs of all cells together. */
  pooled: { falsePromotion: Rate; falsePromotionMost: number };
  /** Whether some cell is above 5 % after Holm. */
  isAnyCellAbove: boolean;
}

/** One row a cell, and all of them together. */
export function summarizeNulls(runs: readonly NullRun[]): NullSummary {
  const names = [...new Set(runs.map(({ cell }) => cell))];
  const cells = names.map((cell) =>
    summaryOf(
      cell,
      runs.filter((run) => run.cell === cell),
    ),
  );
  const corrected = holm(
    cells.map(({ falsePromotion }) => atLeast(falsePromotion.count, falsePromotion.n, errorMax)),
  );
  const pooled = rateOf(runs.map(({ falsePromotion }) => falsePromotion));
  return {
    cells: cells.map((cell, i) => ({ ...cell, pAboveHolm: corrected[i] ?? 1 })),
    pooled: { falsePromotion: pooled, falsePromotionMost: upperBound(pooled.count, pooled.n) },
    isAnyCellAbove: corrected.some((p) => p <= errorMax),
  };
}

function summaryOf(cell: string, runs: readonly NullRun[]): CellSummary {
  const falsePromotion = rateOf(runs.map((run) => run.falsePromotion));
  const shareOf = (all: (run: NullRun) => number, hit: (run: NullRun) => number) =>
    rateOf(runs.flatMap((run) => Array.from({ length: all(run) }, (_, k) => k < hit(run))));
  const harmful = (run: NullRun) => run.harmfulFinalists;
  return {
    cell,
    runs: runs.length,
    falsePromotion,
    falsePromotionMost: upperBound(falsePromotion.count, falsePromotion.n),
    pAboveHolm: 1,
    power: rateOf(runs.map(({ truePromotion }) => truePromotion)),
    powerGivenFound: rateOf(
      runs.filter(({ found }) => found).map(({ truePromotion }) => truePromotion),
    ),
    found: rateOf(runs.map(({ found }) => found)),
    caught: shareOf(harmful, (run) => run.harmfulCondemned),
    missed: shareOf(harmful, (run) => run.harmfulPromoted),
    harmlessCondemned: shareOf(
      (run) => run.harmlessFinalists,
      (run) => run.harmlessCondemned,
    ),
    ordered: mean(runs.map(({ ordered }) => ordered)),
    orderedMax: Math.max(...runs.map(({ ordered }) => ordered)),
  };
}
