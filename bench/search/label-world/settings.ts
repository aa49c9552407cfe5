/**
 * The settings that baselines were tried with on tuning worlds, and those that were chosen. Worlds 1 to 60 made the choice, 61 to 200
 * checked it; worlds from 1,001 on are for comparisons and tuned nothing.
 */
import { evoPromptGa } from "../methods/evoprompt-ga.ts";
import { gepaStyle } from "../methods/gepa-style.ts";
import { hillClimbing } from "../methods/hill-climbing.ts";
import { randomSearch } from "../methods/random-search.ts";
import { type BaselineSettings, baseline, type WorldMethod } from "./world-method.ts";

export const tuningWorlds = { first: 1, last: 60 } as const;
export const comparisonWorldsFrom = 1_001;

interface Variant extends Omit<BaselineSettings, "proof"> {
  name: string;
}

const random = randomSearch({ edits: 1 });
const climbing = hillClimbing({ patience: 1_000, acceptsEqual: false });
const gepa = gepaStyle({ minibatch: 5, parent: "pareto", acceptsEqual: false });
const evoPrompt = evoPromptGa({ populationMax: 8 });

const plain = { rows: 24, shares: "product" } as const;
const variants: readonly Variant[] = [
  ...[random, climbing, gepa, evoPrompt].flatMap((method) => [
    { name: "plain", ...plain, method },
    { name: "30 rows", ...plain, rows: 30, method },
    { name: "operators evenly", ...plain, shares: "even" as const, method },
  ]),
  ...[2, 3].map((edits) => ({ name: `${edits} edits`, ...plain, method: randomSearch({ edits }) })),
  {
    name: "equal kept",
    ...plain,
    method: hillClimbing({ patience: 1_000, acceptsEqual: true }),
  },
  {
    name: "restart after 8",
    ...plain,
    method: hillClimbing({ patience: 8, acceptsEqual: false }),
  },
  ...[3, 8, 12].map((minibatch) => ({
    name: `minibatch ${minibatch}`,
    ...plain,
    method: gepaStyle({ minibatch, parent: "pareto", acceptsEqual: false }),
  })),
  ...[5, 8].map((minibatch) => ({
    name: `minibatch ${minibatch}, best parent`,
    ...plain,
    method: gepaStyle({ minibatch, parent: "best", acceptsEqual: false }),
  })),
  {
    name: "equal kept",
    ...plain,
    method: gepaStyle({ minibatch: 5, parent: "pareto", acceptsEqual: true }),
  },
  ...[4, 6, 12].map((populationMax) => ({
    name: `population ${populationMax}`,
    ...plain,
    method: evoPromptGa({ populationMax }),
  })),
];

/** Every method with every setting: what the sweep runs. */
export function sweptMethods(): WorldMethod[] {
  return variants.map(({ name, ...settings }) => ({
    ...baseline({ ...settings, proof: true }),
    name: `${settings.method.name}: ${name}`,
  }));
}

/** The baselines with the settings that the sweep chose for a budget. */
export function tunedMethods(_budget: number, proof: boolean): WorldMethod[] {
  return [random, climbing, gepa, evoPrompt].map((method) => baseline({ ...plain, method, proof }));
}
