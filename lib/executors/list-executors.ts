import { z } from "zod";
import { builtInExecutor } from "../harness/evaluation-key.ts";
import { builtInSystems, type ExecutorSettings } from "./settings.ts";

/** An executor as anybody may see it: no address, no command line, no name of a secret. */
export const listedExecutor = z.object({
  name: z.string(),
  version: z.string(),
  kind: z.enum(["built-in", "http", "command", "temporal-activity"]),
  systems: z.array(z.string()),
  timeoutSeconds: z.number().nullable(),
  concurrency: z.int().nullable(),
  free: z.boolean(),
  simulated: z.boolean(),
});
export type ListedExecutor = z.infer<typeof listedExecutor>;

/** The built-in executor, then those of the operator's file in its order. */
export function listExecutors(settings: readonly ExecutorSettings[]): ListedExecutor[] {
  const [name = "", version = ""] = builtInExecutor.split("@");
  const own: ListedExecutor = {
    ...{ name, version, kind: "built-in", systems: [...builtInSystems] },
    ...{ timeoutSeconds: null, concurrency: null, free: false, simulated: false },
  };
  return [
    own,
    ...settings.map(
      ({ name, version, kind, systems, timeoutSeconds, concurrency, free, simulated }) => ({
        ...{ name, version, kind, systems, timeoutSeconds, concurrency, free, simulated },
      }),
    ),
  ];
}
