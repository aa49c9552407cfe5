import type { Estimate } from "#lib/domain/experiment.ts";
import { median } from "#lib/stats/quantile.ts";
import { intervalOf, mean, medianInterval, type PairedMedian } from "../figures.ts";
import { genepool, type MethodRun } from "./compare.ts";

export interface MethodSummary {
  method: string;
  runs: number;
  trials: number;
  /** Of the pick, on fresh benchmarks. */
  success: Spread;
  hypervolume: Spread;
  costRatio: Spread;
  /** The product's figure less this method's, paired by seed; null for the product. */
  ahead: { success: Ahead; hypervolume: Ahead } | null;
}

/** Differences paired by seed: their mean with a normal interval, their median with one of the sign test, at 95 %. */
export interface Ahead {
  mean: Estimate;
  median: PairedMedian;
}

export interface Spread {
  median: number;
  mean: number;
}

/** One row a method, for the runs of one budget. */
export function summarize(runs: readonly MethodRun[]): MethodSummary[] {
  const methods = [...new Set(runs.map(({ method }) => method))];
  const own = new Map(runs.filter(isOwn).map((run) => [run.seed, run]));
  return methods.map((method) => {
    const of = runs.filter((run) => run.method === method);
    const pairs = of.flatMap((run) => {
      const mine = own.get(run.seed);
      return mine === undefined ? [] : [{ mine, run }];
    });
    const success = ({ pick }: MethodRun) => pick.successRate;
    const difference = (figure: (run: MethodRun) => number): Ahead => {
      const differences = pairs.map(({ mine, run }) => figure(mine) - figure(run));
      return { mean: intervalOf(differences), median: medianInterval(differences) };
    };
    return {
      method,
      runs: of.length,
      trials: mean(of.map(({ trials }) => trials)),
      success: spreadOf(of.map(success)),
      hypervolume: spreadOf(of.map(({ hypervolume }) => hypervolume)),
      costRatio: spreadOf(of.map(({ pick, start }) => pick.costUsd / start.costUsd)),
      ahead:
        method === genepool
          ? null
          : {
              success: difference(success),
              hypervolume: difference(({ hypervolume }) => hypervolume),
            },
    };
  });
}

function isOwn({ method }: MethodRun): boolean {
  return method === genepool;
}

function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), mean: mean(values) };
}
