import { type Method, share, stepsMax } from "./method.ts";

export interface HillClimbingSettings {
  /** After so many edits in a row that bring nothing it climbs again from the start; the best of all wins. */
  patience: number;
  /** Whether an edit that is as good as the best one takes its place. */
  acceptsEqual: boolean;
}

/** Hill climbing on the mean: each edit of the best prompt is measured once on every benchmark, a better one is kept. */
export function hillClimbing({ patience, acceptsEqual }: HillClimbingSettings): Method {
  return {
    name: "hill climbing",
    async run(task) {
      const { ids, start } = task;
      const first = { prompt: start, rate: share(await task.passes(start, ids)) };
      const isKept = (rate: number, bound: number) =>
        rate > bound || (acceptsEqual && rate === bound);
      let [best, here, failed] = [first, first, 0];
      for (let step = 0; step < stepsMax; step++) {
        const prompt = await task.edit(here.prompt, step);
        if (prompt === null) continue;
        if (!task.fits(prompt, ids)) break;
        const rate = share(await task.passes(prompt, ids));
        failed = rate > here.rate ? 0 : failed + 1;
        if (isKept(rate, here.rate)) here = { prompt, rate };
        if (here.rate > best.rate) best = here;
        if (failed >= patience) [here, failed] = [first, 0];
      }
      return best.prompt;
    },
  };
}
