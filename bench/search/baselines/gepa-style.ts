import { draw } from "#lib/random.ts";
import { type Baseline, share, startContent } from "../problem.ts";
import { proposeRule, withRule } from "../proposer.ts";

interface Member {
  content: string;
  passes: boolean[];
}

const minibatch = 5;

/**
 * The loop of GEPA (Agrawal et al. 2025, arXiv 2507.19457) without its merges: parents by how often they are among the best
 * of a benchmark, an edit that must beat its parent on a minibatch of 5, then one measurement on every benchmark.
 */
export const gepaStyle: Baseline = {
  name: "GEPA-style",
  run(trials) {
    const { world, seed } = trials;
    const ids = world.benchmarks.map(({ id }) => id);
    const members: Member[] = [{ content: startContent, passes: trials.passes(startContent, ids) }];
    for (let step = 0; trials.allows(2 * minibatch); step++) {
      const draws = draw("search-bench", "gepa", seed, step);
      const parent = draws.weighted(members, wins(members));
      const content = withRule(
        parent.content,
        proposeRule(world, parent.content, seed * 30_011 + step),
      );
      const batch = draws.shuffle(ids).slice(0, minibatch);
      const gained =
        share(trials.passes(content, batch)) > share(trials.passes(parent.content, batch));
      if (gained && trials.allows(ids.length))
        members.push({ content, passes: trials.passes(content, ids) });
    }
    return members.reduce((a, b) => (share(b.passes) > share(a.passes) ? b : a)).content;
  },
};

/** Benchmarks on which a member is among the best, at least one so that nobody is out. */
function wins(members: readonly Member[]): number[] {
  return members.map(({ passes }) =>
    Math.max(
      1,
      passes.filter((passed, i) => passed || members.every((other) => !other.passes[i])).length,
    ),
  );
}
