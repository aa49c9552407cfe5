import { AppError } from "#lib/errors.ts";
import type { Executor } from "./executor.ts";
import type { TemporalSettings } from "./settings.ts";

/** The executor `temporal-activity` where there is no Temporal: it says what it needs. */
export function createTemporalExecutor(settings: TemporalSettings): Executor {
  const need = `The executor ${settings.name} is a Temporal activity and needs TEMPORAL_ADDRESS.`;
  return {
    name: settings.name,
    version: settings.version,
    free: settings.free,
    timeoutMs: Math.ceil(settings.timeoutSeconds * 1_000),
    check: () => [need],
    run: async () => {
      throw new AppError("unavailable", need);
    },
  };
}
