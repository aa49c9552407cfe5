import { inject } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createTemporalEvaluator } from "#lib/engine/temporal-evaluator.ts";
import { describeEngine } from "#lib/engine/testing/engine-contract.ts";
import { builtInRoster } from "#lib/executors/roster.ts";
import { providerQueue } from "#lib/temporal/queues.ts";
import { startTestWorker } from "./testing/test-worker.ts";
import { createExperimentActivities, createTrialActivities } from "./trial-activities.ts";

describeEngine("Temporal", async ({ handle: { db }, pool, models, ...parts }) => {
  const worker = await startTestWorker({
    server: { address: inject("temporalAddress"), namespace: inject("temporalNamespace") },
    activities: createExperimentActivities({ db }),
    trialActivities: createTrialActivities({
      db,
      executors: builtInRoster(pool),
      models,
      clock: systemClock,
    }),
  });
  const evaluator = createTemporalEvaluator({
    ...parts,
    db,
    client: worker.client,
    queues: {
      workflows: worker.queue,
      trials: `${worker.queuePrefix}${providerQueue("simulated")}`,
    },
    signal: new AbortController().signal,
  });
  return {
    evaluator,
    close: async () => {
      await evaluator.finish();
      await worker.close();
    },
  };
});
