import { systemClock } from "#lib/clock.ts";
import { builtInRoster } from "../executors/roster.ts";
import { createHarnessEvaluator } from "./harness-evaluator.ts";
import { describeEngine } from "./testing/engine-contract.ts";

describeEngine("this process", async ({ handle, pool, stop, ...parts }) => ({
  evaluator: createHarnessEvaluator({
    ...parts,
    db: handle.db,
    executor: builtInRoster(pool).forSystem(parts.shape.agent.system),
    clock: systemClock,
    signal: stop,
  }),
  close: async () => undefined,
}));
