import type { Estimate } from "#lib/domain/experiment.ts";
import { median } from "#lib/stats/quantile.ts";
import { intervalOf, mean } from "../figures.ts";
import { genepool, type MethodRun } from "./compare.ts";

export interface MethodSummary {
  method: string;
  runs: number;
  trials: number;
  /** Of the pick, on fresh benchmarks. */
  success: Spread;
  hypervolume: Spread;
  costRatio: Spread;
  /** The product's figure less this method's, paired by seed, with a normal interval at 95 %; null for the product. */
  ahead: { success: Estimate; hypervolume: Estimate } | null;
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
    const difference = (figure: (run: MethodRun) => number) =>
      intervalOf(pairs.map(({ mine, run }) => figure(mine) - figure(run)));
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
