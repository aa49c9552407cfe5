/** Generations without growth after which a search tries something else, and after which it has stalled. */
const responseGenerations = 3;
const stallGenerations = 5;
/** Generations of few children prove little: at least so many children in vain for each of the two. */
const responseChildren = 9;
const stallChildren = 15;
/** What counts as growth of the front's hypervolume. */
const growthMin = 0.01;

/** True when the front's hypervolume has not grown by more than 1 % over the last five generations, or fifteen children. */
export function hasStalled(hypervolumes: readonly number[], offspringSize: number): boolean {
  return hasNotGrown(
    hypervolumes,
    Math.max(stallGenerations, Math.ceil(stallChildren / offspringSize)),
  );
}

/** How the next generation is bred: as usual, or after three generations without growth with more that is new. */
export function stallResponse(
  hypervolumes: readonly number[],
  offspringSize: number,
): {
  /** Share of the slots that start afresh. */
  freshShare: number;
  /** Null is each operator's own. */
  proposerTemperature: number | null;
} {
  const generations = Math.max(responseGenerations, Math.ceil(responseChildren / offspringSize));
  return hasNotGrown(hypervolumes, generations)
    ? { freshShare: 0, proposerTemperature: 1 }
    : { freshShare: 0, proposerTemperature: null };
}

function hasNotGrown(hypervolumes: readonly number[], generations: number): boolean {
  if (hypervolumes.length <= generations) return false;
  const before = hypervolumes[hypervolumes.length - 1 - generations] ?? 0;
  const best = Math.max(...hypervolumes.slice(-generations));
  return best <= before * (1 + growthMin);
}
