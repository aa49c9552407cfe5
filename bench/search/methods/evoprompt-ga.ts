import { type Draws, draw } from "#lib/random.ts";
import { type Method, share, stepsMax, type Task } from "./method.ts";

interface Member<Prompt> {
  prompt: Prompt;
  rate: number;
}

export interface EvoPromptSettings {
  populationMax: number;
}

const populationMin = 3;

/**
 * The genetic algorithm of EvoPrompt (Guo et al. 2024, arXiv 2309.08532): parents by roulette on the score, a child that
 * takes instructions of both and one edit more, one measurement on every benchmark, the best stay. At least half of
 * the trials go to children of parents.
 */
export function evoPromptGa({ populationMax }: EvoPromptSettings): Method {
  return {
    name: "EvoPrompt-style GA",
    async run(task) {
      const { ids, start } = task;
      const size = Math.floor(task.budget / ids.length / 2);
      const populationSize = Math.max(populationMin, Math.min(populationMax, size));
      let members = [{ prompt: start, rate: share(await task.passes(start, ids)) }];
      for (let step = 0; step < stepsMax; step++) {
        const prompt =
          members.length < populationSize
            ? await task.edit(start, step)
            : await child(task, members, step);
        const isKnown = members.some(
          (member) => prompt !== null && task.keyOf(member.prompt) === task.keyOf(prompt),
        );
        if (prompt === null || isKnown) continue;
        if (!task.fits(prompt, ids)) break;
        members = [...members, { prompt, rate: share(await task.passes(prompt, ids)) }]
          .sort((a, b) => b.rate - a.rate)
          .slice(0, populationSize);
      }
      return members[0]?.prompt ?? start;
    },
  };
}

async function child<Prompt>(
  task: Task<Prompt>,
  members: readonly Member<Prompt>[],
  step: number,
): Promise<Prompt | null> {
  const draws = draw("search-bench", "evoprompt", task.seed, step);
  const mother = roulette(members, draws);
  const father = roulette(members, draws);
  return task.edit(await task.cross(mother.prompt, father.prompt, step), step);
}

function roulette<Prompt>(members: readonly Member<Prompt>[], draws: Draws): Member<Prompt> {
  return draws.weighted(
    members,
    members.map(({ rate }) => rate + 1e-6),
  );
}
