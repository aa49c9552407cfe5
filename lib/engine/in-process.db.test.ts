import { systemClock } from "#lib/clock.ts";
import { builtInRoster } from "../executors/roster.ts";
import { createHarnessEvaluator } from "./harness-evaluator.ts";
import { describeEngine } from "./testing/engine-contract.ts";

describeEngine("this process", async ({ handle, pool, ...parts }) => ({
  evaluator: createHarnessEvaluator({
    ...parts,
    db: handle.db,
    executor: builtInRoster(pool).forSystem(parts.shape.agent.system),
    models: { keys: {} },
    clock: systemClock,
  }),
  close: async () => undefined,
}));
