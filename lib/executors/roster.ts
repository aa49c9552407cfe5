/** Which executor runs which agent system. */
import { AppError } from "#lib/errors.ts";
import type { GraderCommands } from "#lib/graders/commands.ts";
import { builtInExecutor } from "#lib/harness/evaluation-key.ts";
import type { TrialPool } from "#lib/harness/pool.ts";
import { type ModelOptions, rememberingResolver } from "#lib/llm/models.ts";
import { createCommandExecutor } from "./command.ts";
import type { Executor } from "./executor.ts";
import { createHttpExecutor } from "./http.ts";
import type { CallbackStore } from "./http-callback.ts";
import { builtInSystems, type ExecutorSettings } from "./settings.ts";
import { createTemporalActivityExecutor, type RunActivity } from "./temporal-activity.ts";

export interface ExecutorRoster {
  /** Throws AppError("invalid") that says how to add one where no executor runs the system. */
  forSystem(system: string): Executor;
}

export interface RosterOptions {
  pool: Pick<TrialPool, "run">;
  settings: readonly ExecutorSettings[];
  models: ModelOptions;
  /** The operator's own grading programs. */
  graderCommands?: GraderCommands;
  variable: (name: string) => string | undefined;
  callbacks: CallbackStore | null;
  /** Runs activities of foreign workers where Temporal is configured. */
  temporal?: RunActivity;
}

export function createRoster(options: RosterOptions): ExecutorRoster {
  const { pool, settings, models, graderCommands, temporal, variable, callbacks } = options;
  const deps = {
    prices: models.prices ?? {},
    grading: {
      modelOf: rememberingResolver(models),
      ...(graderCommands && { commands: graderCommands }),
    },
  };
  const bySystem = new Map<string, Executor>();
  const own = builtIn(pool);
  for (const system of builtInSystems) bySystem.set(system, own);
  for (const entry of settings) {
    const executor =
      entry.kind === "http"
        ? createHttpExecutor(entry, { ...deps, variable, callbacks })
        : entry.kind === "command"
          ? createCommandExecutor(entry, { ...deps, variable })
          : createTemporalActivityExecutor(entry, { ...deps, run: temporal ?? null });
    for (const system of entry.systems) bySystem.set(system, executor);
  }
  return {
    forSystem: (system) => {
      const found = bySystem.get(system);
      if (found !== undefined) return found;
      throw new AppError(
        "invalid",
        `No executor runs the agent system "${system}". Add one to the file that GENEPOOL_EXECUTORS_FILE names (docs/executors.md), or use ${builtInSystems.join(" or ")}.`,
      );
    },
  };
}

/** Only the systems that Genepool runs itself, for processes without an executors file. */
export function builtInRoster(pool: Pick<TrialPool, "run">): ExecutorRoster {
  const models = { keys: {} };
  return createRoster({ pool, settings: [], models, variable: () => undefined, callbacks: null });
}

function builtIn(pool: Pick<TrialPool, "run">): Executor {
  const [name = "", version = ""] = builtInExecutor.split("@");
  return {
    name,
    version,
    free: false,
    // A trial's own request says how long it may take.
    timeoutMs: 0,
    check: () => [],
    run: ({ request, hurry }) => pool.run(request, hurry),
  };
}
