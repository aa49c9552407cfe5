import { type Baseline, share, startContent } from "../problem.ts";
import { proposeRule, withRule } from "../proposer.ts";

/** Random search: edits of the start, each measured once on every benchmark; the best mean wins. */
export const randomSearch: Baseline = {
  name: "random search",
  run(trials) {
    const { world, seed } = trials;
    const ids = world.benchmarks.map(({ id }) => id);
    let best = { content: startContent, rate: share(trials.passes(startContent, ids)) };
    for (let step = 0; trials.allows(ids.length); step++) {
      const content = withRule(
        startContent,
        proposeRule(world, startContent, seed * 10_007 + step),
      );
      const rate = share(trials.passes(content, ids));
      if (rate > best.rate) best = { content, rate };
    }
    return best.content;
  },
};
