import { type Method, share, stepsMax } from "./method.ts";

export interface RandomSearchSettings {
  /** Edits of the start that make one prompt, one upon the other. */
  edits: number;
}

/** Random search: edits of the start, each measured once on every benchmark; the best mean wins. */
export function randomSearch({ edits }: RandomSearchSettings): Method {
  return {
    name: "random search",
    async run(task) {
      const { ids, start } = task;
      let best = { prompt: start, rate: share(await task.passes(start, ids)) };
      for (let step = 0; step < stepsMax; step++) {
        let prompt = start;
        for (let k = 0; k < edits; k++)
          prompt = (await task.edit(prompt, step * edits + k)) ?? prompt;
        if (task.keyOf(prompt) === task.keyOf(start)) continue;
        if (!task.fits(prompt, ids)) break;
        const rate = share(await task.passes(prompt, ids));
        if (rate > best.rate) best = { prompt, rate };
      }
      return best.prompt;
    },
  };
}
