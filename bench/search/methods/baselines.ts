import { evoPromptGa } from "./evoprompt-ga.ts";
import { gepaStyle } from "./gepa-style.ts";
import { hillClimbing } from "./hill-climbing.ts";
import type { Method } from "./method.ts";
import { randomSearch } from "./random-search.ts";

export const baselines: readonly Method[] = [
  randomSearch({ edits: 1 }),
  hillClimbing({ patience: 1_000, acceptsEqual: false }),
  gepaStyle({ minibatch: 5, parent: "pareto", acceptsEqual: false }),
  evoPromptGa({ populationMax: 8 }),
];
