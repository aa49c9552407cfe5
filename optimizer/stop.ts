/** Children without growth of the front after which a search tries something else, and after which it has stalled. */
const responseChildren = 9;
const stallChildren = 40;
/** What counts as growth of the front's hypervolume. */
const growthMin = 0.01;

/** True when the front's hypervolume has not grown by more than 1 % over the last forty children. */
export function hasStalled(hypervolumes: readonly number[], offspringSize: number): boolean {
  return hasNotGrown(hypervolumes, Math.ceil(stallChildren / offspringSize));
}

/** Temperature of the proposer in the next generation: raised when nine children in a row brought nothing, else its own. */
export function proposerTemperature(
  hypervolumes: readonly number[],
  offspringSize: number,
): number | null {
  return hasNotGrown(hypervolumes, Math.ceil(responseChildren / offspringSize)) ? 1 : null;
}

function hasNotGrown(hypervolumes: readonly number[], generations: number): boolean {
  if (hypervolumes.length <= generations) return false;
  const before = hypervolumes[hypervolumes.length - 1 - generations] ?? 0;
  const best = Math.max(...hypervolumes.slice(-generations));
  return best <= before * (1 + growthMin);
}
