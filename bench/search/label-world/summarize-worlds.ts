import type { Estimate } from "#lib/domain/experiment.ts";
import { intervalOf, mean } from "../figures.ts";
import type { WorldRun } from "./world-runs.ts";

/** One method with one budget over many worlds. */
export interface WorldSummary {
  method: string;
  budget: number;
  worlds: number;
  /** True rate of the pick. */
  success: Spread;
  hypervolume: Spread;
  costRatio: number;
  ordered: number;
  orderedMax: number;
  proofTrials: number;
  prompts: number;
  /** Less the reference's figure in the same world, with intervals at 95 % and the SD of one world's difference; null for the reference. */
  ahead: { success: Difference; hypervolume: Difference } | null;
}

interface Spread {
  mean: number;
  sd: number;
}

export interface Difference extends Estimate {
  sd: number;
}

/** One row a method and budget, each paired by world with the reference. */
export function summarizeWorlds(runs: readonly WorldRun[], reference: string): WorldSummary[] {
  const keys = [...new Set(runs.map(({ method, budget }) => `${budget}/${method}`))];
  return keys.map((key) => {
    const own = runs.filter(({ method, budget }) => `${budget}/${method}` === key);
    const budget = own[0]?.budget ?? 0;
    const method = own[0]?.method ?? "";
    const others = new Map(
      runs
        .filter((run) => run.method === reference && run.budget === budget)
        .map((run) => [run.world, run]),
    );
    const ahead = (figure: (run: WorldRun) => number): Difference => {
      const differences = own.flatMap((run) => {
        const other = others.get(run.world);
        return other === undefined ? [] : [figure(run) - figure(other)];
      });
      return { ...intervalOf(differences), sd: spreadOf(differences).sd };
    };
    return {
      method,
      budget,
      worlds: own.length,
      success: spreadOf(own.map(({ success }) => success)),
      hypervolume: spreadOf(own.map(({ hypervolume }) => hypervolume)),
      costRatio: mean(own.map(({ costRatio }) => costRatio)),
      ordered: mean(own.map(({ ordered }) => ordered)),
      orderedMax: Math.max(...own.map(({ ordered }) => ordered)),
      proofTrials: mean(own.map(({ proofTrials }) => proofTrials)),
      prompts: mean(own.map(({ prompts }) => prompts)),
      ahead:
        method === reference
          ? null
          : {
              success: ahead(({ success }) => success),
              hypervolume: ahead(({ hypervolume }) => hypervolume),
            },
    };
  });
}

function spreadOf(values: readonly number[]): Spread {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return { mean: centre, sd: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
