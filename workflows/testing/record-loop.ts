/** Runs of the loop and of foreign benchmarks with stand-ins for their activities, to be kept as histories. */
import { WorkflowContinuedAsNewError, type WorkflowHandle } from "@temporalio/client";
import { ApplicationFailure } from "@temporalio/common";
import { type LoopActivities, loopId, loopWorkflow } from "#lib/temporal/loop-contract.ts";
import { requestGeneration, tellLoop } from "#lib/temporal/optimization-loop.ts";
import { startTestWorker } from "./test-worker.ts";

const optimization = "00000000-0000-4000-8000-000000000001";
const agentType = "engineer";
const wish = (request_id: string) => ({
  agentType,
  request: { request_id, requested_by: "recording", optimization_id: null },
});

/** Records every history of this file through `keep`, on a server of its own. */
export async function recordLoopHistories(
  server: { address: string; namespace: string },
  keep: (name: string, handle: WorkflowHandle) => Promise<void>,
): Promise<void> {
  const activities: LoopActivities & { execute_benchmark(request: unknown): Promise<unknown> } = {
    start_generation: async ({ request }) => {
      if (request.request_id === "refused")
        throw ApplicationFailure.nonRetryable("no prompt in production", "Refused");
      return { optimization_id: optimization };
    },
    follow_generation: async () => ({ state: "finished", trials_done: 12 }),
    stop_generation: async () => undefined,
    request_generation: async () => undefined,
    execute_benchmark: async () => ({ score: 1 }),
  };
  const { client, queue, close } = await startTestWorker({ server, activities });
  try {
    for (const id of ["first", "first", "refused", "second"])
      await requestGeneration(client, queue, wish(id));
    const loop = client.workflow.getHandle(loopId(agentType));
    const busy = async () => {
      const { counts } = await loop.query<{ counts: { finished: number } }>("state");
      return counts.finished < 2;
    };
    for (let i = 0; i < 200 && (await busy()); i++)
      await new Promise((wake) => setTimeout(wake, 50));
    await tellLoop(client, agentType, "pause");
    await tellLoop(client, agentType, "resume");
    await tellLoop(client, agentType, "stop");
    await loop.result();
    await keep("optimization-loop", loop);

    const again = await client.workflow.start(loopWorkflow, {
      workflowId: loopId("critic"),
      taskQueue: queue,
      args: [{ agent_type: "critic", history_events_max: 6 }],
    });
    await tellLoop(client, "critic", "pause");
    // The first of its histories: it ends by beginning the next one.
    const first = client.workflow.getHandle(loopId("critic"), again.firstExecutionRunId, {
      followRuns: false,
    });
    await first.result().catch((error: unknown) => {
      if (!(error instanceof WorkflowContinuedAsNewError)) throw error;
    });
    await keep("optimization-loop-begun-anew", first);
    await tellLoop(client, "critic", "stop");

    const due = await client.workflow.start("RequestGenerationWorkflow", {
      workflowId: `${loopId(agentType)}-due-2026-01-01T03:00:00Z`,
      taskQueue: queue,
      args: [{ agent_type: agentType, requested_by: "schedule" }],
    });
    await due.result();
    await keep("request-generation", due);

    const foreign = await client.workflow.start("ExecuteBenchmarkWorkflow", {
      workflowId: "execute-recording",
      taskQueue: queue,
      args: [
        {
          request: { benchmark: { id: "b1" } },
          task_queue: queue,
          timeout_ms: 5_000,
          pick_up_ms: 5_000,
        },
      ],
    });
    await foreign.result();
    await keep("execute-benchmark", foreign);
  } finally {
    await close();
  }
}
