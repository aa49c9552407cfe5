import { type Draws, draw } from "#lib/random.ts";
import { type Baseline, share, startContent } from "../problem.ts";
import { proposeRule, withRule } from "../proposer.ts";

interface Member {
  content: string;
  rate: number;
}

const populationSize = 8;
/** A child that is there already costs no trial: without this a small world could go on for ever. */
const stepsMax = 2_000;

/**
 * The genetic algorithm of EvoPrompt (Guo et al. 2024, arXiv 2309.08532): parents by roulette on the score, a child that
 * takes instructions of both and one edit more, one measurement on every benchmark, the best stay.
 */
export const evoPromptGa: Baseline = {
  name: "EvoPrompt-style GA",
  run(trials) {
    const { world, seed } = trials;
    const ids = world.benchmarks.map(({ id }) => id);
    const measured = (content: string): Member => ({
      content,
      rate: share(trials.passes(content, ids)),
    });
    let members: Member[] = [measured(startContent)];
    for (let step = 0; step < stepsMax && trials.allows(ids.length); step++) {
      const draws = draw("search-bench", "evoprompt", seed, step);
      const content =
        members.length < populationSize
          ? withRule(startContent, proposeRule(world, startContent, seed * 40_009 + step))
          : child(members, draws, (parent) =>
              withRule(parent, proposeRule(world, parent, seed * 40_009 + step)),
            );
      if (members.some((member) => member.content === content)) continue;
      members = [...members, measured(content)]
        .sort((a, b) => b.rate - a.rate)
        .slice(0, populationSize);
    }
    return members[0]?.content ?? startContent;
  },
};

function child(
  members: readonly Member[],
  draws: Draws,
  mutate: (content: string) => string,
): string {
  const weights = members.map(({ rate }) => rate + 1e-6);
  const [mother, father] = [draws.weighted(members, weights), draws.weighted(members, weights)];
  const own = rulesOf(mother.content);
  const others = rulesOf(father.content).filter((rule) => !own.includes(rule));
  const taken = [...own, ...others].filter(() => draws.chance(0.5));
  return mutate(taken.reduce((content, rule) => withRule(content, rule), startContent));
}

function rulesOf(content: string): string[] {
  return content.split("\n").flatMap((line) => (line.startsWith("- Rule ") ? [line.slice(2)] : []));
}
