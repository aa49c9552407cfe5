/** How many calls one method needs for what another reaches: read off the curve of its means over the same worlds. */
import { draw } from "#lib/random.ts";
import { mean } from "../figures.ts";

export interface CurveRun {
  world: number;
  /** The budget that the search was given. */
  budget: number;
  /** The calls that it made. */
  ordered: number;
  value: number;
}

export interface CallsNeeded {
  /** Calls; null where even the largest budget does not reach the mark. Those of the smallest budget mean so many or fewer. */
  calls: number | null;
  /** Percentile interval at 95 % over worlds; null for a bound beyond the largest budget. */
  low: number | null;
  high: number | null;
  /** Worlds that every budget ran in. */
  worlds: number;
  /** Calls of the largest budget: what null means at least. */
  callsMax: number;
}

const resamples = 2_000;

/**
 * Calls at which the mean of `runs` reaches the mean of `marks`, a value by world, over the worlds that both have. Between two budgets the curve is
 * straight, and it never falls (the running maximum); the interval resamples worlds, paired (Efron & Tibshirani 1993, chapter 13).
 */
export function callsNeeded(
  marks: ReadonlyMap<number, number>,
  runs: readonly CurveRun[],
  seed = 1,
): CallsNeeded {
  const budgets = [...new Set(runs.map(({ budget }) => budget))].toSorted((a, b) => a - b);
  const byBudget = budgets.map(
    (budget) => new Map(runs.filter((run) => run.budget === budget).map((run) => [run.world, run])),
  );
  const worlds = [...marks.keys()].filter((world) => byBudget.every((own) => own.has(world)));
  if (worlds.length === 0) throw new RangeError("no world was run with every budget");
  const needed = (sample: readonly number[]): number => {
    const mark = mean(sample.map((world) => marks.get(world) ?? 0));
    const points = byBudget.map((own) => ({
      calls: mean(sample.map((world) => own.get(world)?.ordered ?? 0)),
      value: mean(sample.map((world) => own.get(world)?.value ?? 0)),
    }));
    return crossing(points, mark);
  };
  const draws = draw("search-bench", "calls-needed", seed);
  const samples = Array.from({ length: resamples }, () =>
    needed(worlds.map(() => draws.pick(worlds))),
  ).toSorted((a, b) => a - b);
  const last = byBudget.at(-1);
  return {
    calls: finite(needed(worlds)),
    low: finite(samples[Math.floor(0.025 * resamples)]),
    high: finite(samples[Math.ceil(0.975 * resamples) - 1]),
    worlds: worlds.length,
    callsMax: mean(worlds.map((world) => last?.get(world)?.ordered ?? 0)),
  };
}

/** Calls at which a curve that never falls reaches the mark; Infinity where it does not. */
function crossing(points: readonly { calls: number; value: number }[], mark: number): number {
  let before = { calls: 0, value: Number.NEGATIVE_INFINITY };
  for (const { calls, value } of points) {
    if (value >= mark) {
      if (before.value === Number.NEGATIVE_INFINITY) return calls;
      const share = (mark - before.value) / (value - before.value);
      return before.calls + share * (calls - before.calls);
    }
    before = { calls, value: Math.max(before.value, value) };
  }
  return Number.POSITIVE_INFINITY;
}

function finite(calls: number | undefined): number | null {
  return calls !== undefined && Number.isFinite(calls) ? calls : null;
}
