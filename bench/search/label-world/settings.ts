/**
 * The settings that baselines were tried with on tuning worlds, and those that were chosen. Worlds 1 to 40 made the choice, worlds from 61
 * on checked it; worlds from 1,001 on are for comparisons and tuned nothing.
 */
import { evoPromptGa } from "../methods/evoprompt-ga.ts";
import { gepaStyle } from "../methods/gepa-style.ts";
import { hillClimbing } from "../methods/hill-climbing.ts";
import { randomSearch } from "../methods/random-search.ts";
import { type BaselineSettings, baseline, type WorldMethod } from "./world-method.ts";

interface Variant extends Omit<BaselineSettings, "proof"> {
  name: string;
}

const random = randomSearch({ edits: 1 });
const climbing = hillClimbing({ patience: 1_000, acceptsEqual: false });
const gepa = gepaStyle({ minibatch: 5, parent: "pareto", acceptsEqual: false });
const evoPrompt = evoPromptGa({ populationMax: 8 });

const plain = { rows: 24, shares: "product" } as const;
const evenly = { rows: 24, shares: "even" } as const;
const variants: readonly Variant[] = [
  ...[random, climbing, gepa, evoPrompt].flatMap((method) => [
    { name: "plain", ...plain, method },
    { name: "30 rows", ...plain, rows: 30, method },
    { name: "operators evenly", ...evenly, method },
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
  { name: "2 edits, operators evenly", ...evenly, method: randomSearch({ edits: 2 }) },
  ...[4, 12].map((populationMax) => ({
    name: `population ${populationMax}, operators evenly`,
    ...evenly,
    method: evoPromptGa({ populationMax }),
  })),
  {
    name: "minibatch 8, best parent, operators evenly",
    ...evenly,
    method: gepaStyle({ minibatch: 8, parent: "best", acceptsEqual: false }),
  },
];

/** Every method with every setting: what the sweep runs. */
export function sweptMethods(): WorldMethod[] {
  return variants.map(({ name, ...settings }) => ({
    ...baseline({ ...settings, proof: true }),
    name: `${settings.method.name}: ${name}`,
  }));
}

/**
 * What the sweep chose, the same at 400 and at 1,000 trials: for each method the settings whose picks succeed most often, and for the two
 * methods that reach the most hypervolume those. Draws among all operators alike find cheap models sooner and good prompts later.
 */
const tuned: readonly (Omit<BaselineSettings, "proof"> & { name: string })[] = [
  { name: "random search", ...plain, method: randomSearch({ edits: 3 }) },
  {
    name: "hill climbing",
    ...plain,
    method: hillClimbing({ patience: 1_000, acceptsEqual: true }),
  },
  {
    name: "GEPA-style",
    ...plain,
    method: gepaStyle({ minibatch: 8, parent: "best", acceptsEqual: false }),
  },
  { name: "EvoPrompt-style GA", ...plain, method: evoPromptGa({ populationMax: 4 }) },
  { name: "random search for the front", ...evenly, method: randomSearch({ edits: 2 }) },
  {
    name: "EvoPrompt-style GA for the front",
    ...evenly,
    method: evoPromptGa({ populationMax: 12 }),
  },
];

/** The tuned baselines: with a proof whose trials count, or with all trials for the search. */
export function tunedMethods(proof: boolean): WorldMethod[] {
  return tuned.map(({ name, ...settings }) => ({
    ...baseline({ ...settings, proof }),
    name: proof ? name : `${name}, no proof`,
  }));
}
