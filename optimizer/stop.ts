/** Generations without growth after which a search has stalled, and what counts as growth. */
const stallGenerations = 5;
const growthMin = 0.01;

/** True when the front's hypervolume has not grown by more than 1 % over the last five generations. */
export function hasStalled(hypervolumes: readonly number[]): boolean {
  if (hypervolumes.length <= stallGenerations) return false;
  const before = hypervolumes[hypervolumes.length - 1 - stallGenerations] ?? 0;
  const best = Math.max(...hypervolumes.slice(-stallGenerations));
  return best <= before * (1 + growthMin);
}
