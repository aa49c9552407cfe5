import { systemClock } from "#lib/clock.ts";
import { createHarnessEvaluator } from "./harness-evaluator.ts";
import { describeEngine } from "./testing/engine-contract.ts";

describeEngine("this process", async ({ handle, ...parts }) => ({
  evaluator: createHarnessEvaluator({
    ...parts,
    db: handle.db,
    models: { keys: {} },
    clock: systemClock,
  }),
  close: async () => undefined,
}));
