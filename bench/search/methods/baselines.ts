import { evoPromptGa } from "./evoprompt-ga.ts";
import { gepaStyle } from "./gepa-style.ts";
import { hillClimbing } from "./hill-climbing.ts";
import type { Method } from "./method.ts";
import { randomSearch } from "./random-search.ts";

export const baselines: readonly Method[] = [randomSearch, hillClimbing, gepaStyle, evoPromptGa];
