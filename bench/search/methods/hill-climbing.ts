import { type Method, share, stepsMax } from "./method.ts";

/** Hill climbing on the mean: each edit of the best prompt is measured once on every benchmark, a better one is kept. */
export const hillClimbing: Method = {
  name: "hill climbing",
  async run(task) {
    const { ids, start } = task;
    let best = { prompt: start, rate: share(await task.passes(start, ids)) };
    for (let step = 0; step < stepsMax && task.allows(ids.length); step++) {
      const prompt = await task.edit(best.prompt, step);
      if (prompt === null) continue;
      const rate = share(await task.passes(prompt, ids));
      if (rate > best.rate) best = { prompt, rate };
    }
    return best.prompt;
  },
};
