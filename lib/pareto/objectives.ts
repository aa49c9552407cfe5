/**
 * The kernels for points as people and scripts write them: rows of numbers with a direction each. Everything is turned
 * into minimisation first.
 */
import { AppError } from "../errors.ts";
import { hypervolume } from "./hypervolume.ts";
import { nonDominatedRanks } from "./ranks.ts";
import { constrainedRanks, crowdingByFront, survivors } from "./survivors.ts";

export type Direction = "min" | "max";

export interface PointSet {
  /** One row a point. */
  objectives: readonly (readonly number[])[];
  /** Constraint violation of each point: 0 is feasible. */
  violations?: readonly number[];
  /** One a column; all "min" when absent. */
  directions?: readonly Direction[];
}

export interface Ranking {
  /** Front of each point, 0 first. */
  rank: number[];
  /** Crowding distance within its front; null is infinite. */
  crowdingDistance: (number | null)[];
}

/** Ranks and crowding distances. Throws AppError `invalid` when the input is no set of points. */
export function rankPoints(input: PointSet): Ranking {
  return answer(() => {
    const { F, n, m } = minimised(input);
    const ranks =
      input.violations === undefined
        ? nonDominatedRanks(F, n, m)
        : constrainedRanks(F, n, m, Float64Array.from(input.violations));
    const distance = crowdingByFront(F, n, m, ranks);
    return {
      rank: Array.from(ranks),
      crowdingDistance: Array.from(distance, (d) => (Number.isFinite(d) ? d : null)),
    };
  });
}

/**
 * Indices of the `size` points that survive by rank and crowding, in increasing order. Throws AppError `invalid` when
 * the input is no set of points or has fewer.
 */
export function selectPoints(input: PointSet & { size: number }): number[] {
  return answer(() => {
    const { F, n, m } = minimised(input);
    const violation = input.violations === undefined ? null : Float64Array.from(input.violations);
    return Array.from(survivors(F, n, m, input.size, violation));
  });
}

/**
 * Exact hypervolume against `reference`, given in the same directions as the points. Throws AppError `invalid` when
 * the input is no set of points or the reference does not fit.
 */
export function hypervolumeOf(
  input: Pick<PointSet, "objectives" | "directions"> & { reference: readonly number[] },
): number {
  return answer(() => {
    const { F, n, m } = minimised(input);
    const reference = input.reference.map((value, k) =>
      input.directions?.[k] === "max" ? -value : value,
    );
    return hypervolume(F, n, m, reference);
  });
}

/** The kernels refuse with RangeError; here the points are somebody's input, so that is an expected failure. */
function answer<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof RangeError) throw new AppError("invalid", error.message, { cause: error });
    throw error;
  }
}

function minimised({ objectives, directions }: PointSet): {
  F: Float64Array;
  n: number;
  m: number;
} {
  const n = objectives.length;
  const m = objectives[0]?.length ?? 1;
  if (directions !== undefined && directions.length !== m) {
    throw new RangeError(`${directions.length} directions for ${m} objectives`);
  }
  const F = new Float64Array(n * m);
  for (const [i, row] of objectives.entries()) {
    if (row.length !== m)
      throw new RangeError(`point ${i} has ${row.length} objectives, the first has ${m}`);
    for (const [k, value] of row.entries())
      F[i * m + k] = directions?.[k] === "max" ? -value : value;
  }
  return { F, n, m };
}
