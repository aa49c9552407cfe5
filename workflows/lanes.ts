/** How the trials of a block are divided. Pure: workflows import it. */

const widthAtLeast = 8;
const chunkMax = 400;

export interface Lanes {
  /** Activities at once. */
  lanes: number;
  /** Trials at once within each. */
  width: number;
  /** Trials of one activity. */
  size: number;
}

/**
 * A few activities that each keep several trials under way cost the server a fraction of one activity a trial. A chunk
 * may be large: what is stored is skipped when it is tried again, so a dead worker repeats `width` trials at most.
 */
export function planLanes(trials: number, concurrency: number, oneByOne = false): Lanes {
  const wanted = Math.max(1, Math.min(concurrency, trials));
  if (oneByOne) return { lanes: wanted, width: 1, size: 1 };
  // Few enough to be cheap, enough of them for every worker that so many trials at once keep busy.
  const lanes = Math.min(Math.ceil(wanted / widthAtLeast), 6 + Math.floor(wanted / 50));
  const width = Math.ceil(wanted / lanes);
  return { lanes, width, size: Math.max(1, Math.min(chunkMax, Math.ceil(trials / lanes))) };
}
