/** Runs of experiments with stand-ins for their trials, to be kept as histories. */
import {
  WithStartWorkflowOperation,
  WorkflowContinuedAsNewError,
  WorkflowFailedError,
  type WorkflowHandle,
} from "@temporalio/client";
import {
  type BlockResult,
  type ChunkInput,
  type ExperimentActivities,
  type ExperimentInput,
  experimentWorkflow,
  experimentWorkflowId,
  finishSignal,
  runBlockUpdate,
  type TrialActivities,
} from "#lib/temporal/experiment-contract.ts";
import { providerQueue } from "#lib/temporal/queues.ts";
import { countTrials } from "#lib/temporal/trial-groups.ts";
import { startTestWorker } from "./test-worker.ts";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** Records every history of this file through `keep`. */
export async function recordExperimentHistories(
  server: { address: string; namespace: string },
  keep: (name: string, handle: WorkflowHandle) => Promise<void>,
): Promise<void> {
  let handedOn = false;
  const trialActivities: TrialActivities = {
    BatchExecuteBenchmarks: async ({ groups, run_limit_usd }: ChunkInput) => {
      const done = countTrials(groups);
      if (run_limit_usd === 0) return { done: 0, left: [], refused: "money-kept" };
      const [first] = groups;
      // Once: a worker that drains hands on what it has not begun.
      if (first !== undefined && !handedOn) {
        handedOn = true;
        return { done: done - 1, left: [{ ...first, benchmark_ids: [id(9)] }], refused: null };
      }
      // Long enough to be cancelled in the middle.
      if (done >= 50) await new Promise((resolve) => setTimeout(resolve, 1_500));
      return { done, left: [], refused: null };
    },
  };
  const activities: ExperimentActivities = { mark_stopped: async () => undefined };
  const worker = await startTestWorker({ server, activities, trialActivities });
  const { client, queue, queuePrefix } = worker;
  const request = (
    experiment: string,
    block: string,
    trials: number,
    options: { limitUsd?: number; eventsMax?: number } = {},
  ) => {
    const input: ExperimentInput = {
      experiment_id: experiment,
      optimization_id: id(1),
      trial_queue: `${queuePrefix}${providerQueue("simulated")}`,
      done: 0,
      blocks: 0,
      idle_ms: 60_000,
      ...(options.eventsMax === undefined ? {} : { history_events_max: options.eventsMax }),
    };
    return client.workflow.executeUpdateWithStart<never, BlockResult, [unknown]>(runBlockUpdate, {
      updateId: block,
      args: [
        {
          block_id: block,
          groups: [
            {
              prompt_id: id(2),
              arm: "candidate",
              repeat: 0,
              benchmark_ids: Array.from({ length: trials }, (_, n) => id(100 + n)),
            },
          ],
          concurrency: 12,
          run_limit_usd: options.limitUsd ?? null,
          executor: "built-in@1",
        },
      ],
      startWorkflowOperation: new WithStartWorkflowOperation(experimentWorkflow, {
        workflowId: experimentWorkflowId(experiment),
        taskQueue: queue,
        args: [input],
        workflowIdConflictPolicy: "USE_EXISTING",
      }) as never,
    });
  };
  const handleOf = (experiment: string) =>
    client.workflow.getHandle(experimentWorkflowId(experiment));
  try {
    await request("e-1", "block-1", 30);
    await request("e-1", "block-2", 12);
    await handleOf("e-1").signal(finishSignal);
    await handleOf("e-1").result();
    await keep("run-experiment", handleOf("e-1"));

    await request("e-2", "block-1", 4, { limitUsd: 0 });
    await handleOf("e-2").result();
    await keep("run-experiment-refused", handleOf("e-2"));

    const cancelled = request("e-3", "block-1", 50);
    await new Promise((resolve) => setTimeout(resolve, 700));
    await handleOf("e-3").cancel();
    await cancelled;
    await handleOf("e-3")
      .result()
      .catch((error: unknown) => {
        if (!(error instanceof WorkflowFailedError)) throw error;
      });
    await keep("run-experiment-cancelled", handleOf("e-3"));

    await request("e-4", "block-1", 4, { eventsMax: 8 });
    const { raw } = await handleOf("e-4").describe();
    const first = client.workflow.getHandle(
      experimentWorkflowId("e-4"),
      raw.workflowExecutionInfo?.firstRunId ?? undefined,
      { followRuns: false },
    );
    await first.result().catch((error: unknown) => {
      if (!(error instanceof WorkflowContinuedAsNewError)) throw error;
    });
    await keep("run-experiment-begun-anew", first);
    await handleOf("e-4").signal(finishSignal);
  } finally {
    await worker.close();
  }
}
