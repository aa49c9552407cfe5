import { meanInterval } from "#lib/stats/mean-interval.ts";
import { evoPromptGa } from "./baselines/evoprompt-ga.ts";
import { gepaStyle } from "./baselines/gepa-style.ts";
import { hillClimbing } from "./baselines/hill-climbing.ts";
import { randomSearch } from "./baselines/random-search.ts";
import { mean } from "./figures.ts";
import { startContent, Trials } from "./problem.ts";
import { withRule } from "./proposer.ts";
import type { SyntheticRun } from "./suites.ts";
import type { World } from "./world.ts";

const baselines = [randomSearch, hillClimbing, gepaStyle, evoPromptGa];

/**
 * True success rate that a method's pick lacks to the best prompt there is, by method: means over the seeds, and for each
 * baseline its regret less the product's on the same worlds at the same number of trials, with an interval at 95 %.
 */
export function regretOf(runs: readonly SyntheticRun[]) {
  const own = runs.map(({ world, result }) => lack(world, result.pick));
  return {
    genepool: mean(own),
    promotedByGenepool: mean(runs.map(({ world, result }) => lack(world, result.promoted))),
    ...Object.fromEntries(
      baselines.map((baseline) => {
        const theirs = runs.map(({ world, seed, result }) =>
          lack(world, baseline.run(new Trials(world, seed, result.rollouts))),
        );
        const more = theirs.map((regret, i) => regret - (own[i] ?? 0));
        return [
          baseline.name,
          { regret: mean(theirs), moreThanGenepool: meanInterval(momentsOf(more)) },
        ];
      }),
    ),
  };
}

function lack(world: World, content: string): number {
  const best = world.rules
    .filter(({ kind }) => kind === "planted")
    .reduce((text, { sentence }) => withRule(text, sentence), startContent);
  return world.trueRate(best) - world.trueRate(content);
}

function momentsOf(values: readonly number[]) {
  const sum = values.reduce((total, value) => total + value, 0);
  const sumOfSquares = values.reduce((total, value) => total + value * value, 0);
  return { n: values.length, sum, sumOfSquares };
}
