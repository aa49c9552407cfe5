import { type Draws, draw } from "#lib/random.ts";
import { type Method, share, stepsMax, type Task } from "./method.ts";

export interface GepaSettings {
  /** Benchmarks on which an edit must do better than its parent before it is measured on all. */
  minibatch: number;
  /** By how often it is among the best of a benchmark, or the best mean. */
  parent: "pareto" | "best";
  /** Whether an edit that does as well as its parent on the minibatch goes on. */
  acceptsEqual: boolean;
}

interface Member<Prompt> {
  prompt: Prompt;
  passes: readonly boolean[];
}

/**
 * The loop of GEPA (Agrawal et al. 2025, arXiv 2507.19457) without its merges: parents by how often they are among the best
 * of a benchmark, an edit that must beat its parent on a minibatch, then one measurement on every benchmark.
 */
export function gepaStyle({ minibatch, parent: choice, acceptsEqual }: GepaSettings): Method {
  return {
    name: "GEPA-style",
    async run(task) {
      const { ids, start, seed } = task;
      const isAccepted = (before: number, after: number) =>
        after > before || (acceptsEqual && after === before);
      const members = [{ prompt: start, passes: await task.passes(start, ids) }];
      for (let step = 0; step < stepsMax; step++) {
        const draws = draw("search-bench", "gepa", seed, step);
        const parent = choice === "best" ? bestOf(members) : paretoParent(members, draws);
        const batch = draws.shuffle(ids).slice(0, minibatch);
        if (!task.fits(parent.prompt, batch)) break;
        const before = share(await task.passes(parent.prompt, batch));
        const prompt = await task.edit(parent.prompt, step);
        if (prompt === null || isKnown(task, members, prompt)) continue;
        if (!task.fits(prompt, batch)) break;
        const after = share(await task.passes(prompt, batch));
        if (isAccepted(before, after) && task.fits(prompt, ids))
          members.push({ prompt, passes: await task.passes(prompt, ids) });
      }
      return bestOf(members).prompt;
    },
  };
}

function isKnown<Prompt>(
  task: Task<Prompt>,
  members: readonly Member<Prompt>[],
  prompt: Prompt,
): boolean {
  return members.some((member) => task.keyOf(member.prompt) === task.keyOf(prompt));
}

function bestOf<Prompt>(members: readonly Member<Prompt>[]): Member<Prompt> {
  return members.reduce((a, b) => (share(b.passes) > share(a.passes) ? b : a));
}

/** By the benchmarks on which a member is among the best, at least one so that nobody is out. */
function paretoParent<Prompt>(members: readonly Member<Prompt>[], draws: Draws): Member<Prompt> {
  const wins = members.map(({ passes }) =>
    Math.max(
      1,
      passes.filter((passed, i) => passed || members.every((other) => !other.passes[i])).length,
    ),
  );
  return draws.weighted(members, wins);
}
