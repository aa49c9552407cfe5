import { type Method, share, stepsMax } from "./method.ts";

/** Random search: edits of the start, each measured once on every benchmark; the best mean wins. */
export const randomSearch: Method = {
  name: "random search",
  async run(task) {
    const { ids, start } = task;
    let best = { prompt: start, rate: share(await task.passes(start, ids)) };
    for (let step = 0; step < stepsMax && task.allows(ids.length); step++) {
      const prompt = await task.edit(start, step);
      if (prompt === null) continue;
      const rate = share(await task.passes(prompt, ids));
      if (rate > best.rate) best = { prompt, rate };
    }
    return best.prompt;
  },
};
