/** Which executor runs which agent system. */
import { AppError } from "#lib/errors.ts";
import { builtInExecutor } from "#lib/harness/evaluation-key.ts";
import type { TrialPool } from "#lib/harness/pool.ts";
import type { PriceTable } from "#lib/llm/prices.ts";
import { createCommandExecutor } from "./command.ts";
import type { Executor } from "./executor.ts";
import { createHttpExecutor } from "./http.ts";
import type { CallbackStore } from "./http-callback.ts";
import { builtInSystems, type ExecutorSettings, type TemporalSettings } from "./settings.ts";
import { createTemporalExecutor } from "./temporal-activity.ts";

export interface ExecutorRoster {
  /** Throws AppError("invalid") that says how to add one where no executor runs the system. */
  forSystem(system: string): Executor;
}

export interface RosterOptions {
  pool: TrialPool;
  settings: readonly ExecutorSettings[];
  prices: PriceTable;
  variables: Readonly<Record<string, string | undefined>>;
  callbacks: CallbackStore | null;
  /** Makes executors of Temporal activities where Temporal is configured. */
  temporal?: (settings: TemporalSettings) => Executor;
}

export function createRoster(options: RosterOptions): ExecutorRoster {
  const { pool, settings, temporal = createTemporalExecutor, ...deps } = options;
  const bySystem = new Map<string, Executor>();
  const own = builtIn(pool);
  for (const system of builtInSystems) bySystem.set(system, own);
  for (const entry of settings) {
    const executor =
      entry.kind === "http"
        ? createHttpExecutor(entry, deps)
        : entry.kind === "command"
          ? createCommandExecutor(entry, deps)
          : temporal(entry);
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
export function builtInRoster(pool: TrialPool): ExecutorRoster {
  return createRoster({ pool, settings: [], prices: {}, variables: {}, callbacks: null });
}

function builtIn(pool: TrialPool): Executor {
  const [name = "", version = ""] = builtInExecutor.split("@");
  return {
    name,
    version,
    free: false,
    // A trial's own request says how long it may take.
    timeoutMs: 0,
    check: () => [],
    run: ({ request }) => pool.run(request),
  };
}
