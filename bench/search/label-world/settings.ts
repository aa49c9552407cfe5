/**
 * The settings that baselines were tried with on tuning worlds, and those that were chosen. Worlds 1 to 60 made the choice, 61 to 200
 * checked it; worlds from 1,001 on are for comparisons and tuned nothing.
 */
import { evoPromptGa } from "../methods/evoprompt-ga.ts";
import { gepaStyle } from "../methods/gepa-style.ts";
import { hillClimbing } from "../methods/hill-climbing.ts";
import type { Method } from "../methods/method.ts";
import { randomSearch } from "../methods/random-search.ts";
import type { OperatorShares } from "./edits.ts";
import { baseline, type WorldMethod } from "./world-method.ts";

export const tuningWorlds = { first: 1, last: 60 } as const;
export const comparisonWorldsFrom = 1_001;

interface Variant {
  name: string;
  method: Method;
}

const variants: readonly Variant[] = [
  ...[1, 2, 3].map((edits) => ({ name: `${edits} edits`, method: randomSearch({ edits }) })),
  ...[6, 1_000].flatMap((patience) =>
    [true, false].map((acceptsEqual) => ({
      name: `${patience === 1_000 ? "no restart" : `restart after ${patience}`}, equal ${acceptsEqual ? "kept" : "left"}`,
      method: hillClimbing({ patience, acceptsEqual }),
    })),
  ),
  ...[3, 5, 8].flatMap((minibatch) =>
    (["pareto", "best"] as const).map((parent) => ({
      name: `minibatch ${minibatch}, ${parent} parent`,
      method: gepaStyle({ minibatch, parent, acceptsEqual: false }),
    })),
  ),
  {
    name: "minibatch 5, pareto parent, equal kept",
    method: gepaStyle({ minibatch: 5, parent: "pareto", acceptsEqual: true }),
  },
  ...[4, 6, 10].map((populationMax) => ({
    name: `population ${populationMax}`,
    method: evoPromptGa({ populationMax }),
  })),
];

const rows: readonly number[] = [24, 30];
const shares: readonly OperatorShares[] = ["product", "even"];

/** Every method with every setting: what the sweep runs. */
export function sweptMethods(): WorldMethod[] {
  return variants.flatMap(({ name, method }) =>
    rows.flatMap((own) =>
      shares.map((share) => {
        const world = baseline({ method, rows: own, shares: share, proof: true });
        return { ...world, name: `${method.name}: ${name}, ${own} rows, ${share} shares` };
      }),
    ),
  );
}

/** The baselines with the settings that the sweep chose for a budget. */
export function tunedMethods(_budget: number, proof: boolean): WorldMethod[] {
  const common = { rows: 24, shares: "product", proof } as const;
  return [
    baseline({ ...common, method: randomSearch({ edits: 1 }) }),
    baseline({ ...common, method: hillClimbing({ patience: 1_000, acceptsEqual: false }) }),
    baseline({
      ...common,
      method: gepaStyle({ minibatch: 5, parent: "pareto", acceptsEqual: false }),
    }),
    baseline({ ...common, method: evoPromptGa({ populationMax: 8 }) }),
  ];
}
