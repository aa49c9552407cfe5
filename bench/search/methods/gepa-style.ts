import { draw } from "#lib/random.ts";
import { type Method, share, stepsMax } from "./method.ts";

const minibatch = 5;

/**
 * The loop of GEPA (Agrawal et al. 2025, arXiv 2507.19457) without its merges: parents by how often they are among the best
 * of a benchmark, an edit that must beat its parent on a minibatch of 5, then one measurement on every benchmark.
 */
export const gepaStyle: Method = {
  name: "GEPA-style",
  async run(task) {
    const { ids, start, seed } = task;
    const members = [{ prompt: start, passes: await task.passes(start, ids) }];
    for (let step = 0; step < stepsMax && task.allows(2 * minibatch); step++) {
      const draws = draw("search-bench", "gepa", seed, step);
      const parent = draws.weighted(members, wins(members));
      const batch = draws.shuffle(ids).slice(0, minibatch);
      const before = share(await task.passes(parent.prompt, batch));
      const prompt = await task.edit(parent.prompt, step);
      if (prompt === null) continue;
      const gained = share(await task.passes(prompt, batch)) > before;
      if (gained && task.allows(ids.length))
        members.push({ prompt, passes: await task.passes(prompt, ids) });
    }
    return members.reduce((a, b) => (share(b.passes) > share(a.passes) ? b : a)).prompt;
  },
};

/** Benchmarks on which a member is among the best, at least one so that nobody is out. */
function wins(members: readonly { passes: readonly boolean[] }[]): number[] {
  return members.map(({ passes }) =>
    Math.max(
      1,
      passes.filter((passed, i) => passed || members.every((other) => !other.passes[i])).length,
    ),
  );
}
