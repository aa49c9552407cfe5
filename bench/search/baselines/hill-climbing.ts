import { type Baseline, share, startContent } from "../problem.ts";
import { proposeRule, withRule } from "../proposer.ts";

/** Hill climbing on the mean: each edit of the best prompt is measured once on every benchmark, a better one is kept. */
export const hillClimbing: Baseline = {
  name: "hill climbing",
  run(trials) {
    const { world, seed } = trials;
    const ids = world.benchmarks.map(({ id }) => id);
    let best = { content: startContent, rate: share(trials.passes(startContent, ids)) };
    for (let step = 0; trials.allows(ids.length); step++) {
      const content = withRule(
        best.content,
        proposeRule(world, best.content, seed * 20_011 + step),
      );
      const rate = share(trials.passes(content, ids));
      if (rate > best.rate) best = { content, rate };
    }
    return best.content;
  },
};
