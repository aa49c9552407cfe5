/**
 * What a Temporal Schedule starts: schedules start workflows and cannot signal, and signal-with-start is a client's
 * matter, so an activity does it. Its own id holds the time that the schedule meant, which makes the wish one wish.
 */
import { proxyActivities, workflowInfo } from "@temporalio/workflow";
import type { LoopActivities } from "#lib/temporal/loop-contract.ts";

const { request_generation } = proxyActivities<LoopActivities>({
  startToCloseTimeout: "10s",
  retry: { initialInterval: "200ms", maximumInterval: "10s", nonRetryableErrorTypes: ["Refused"] },
});

export async function RequestGenerationWorkflow(input: {
  agent_type: string;
  requested_by: string;
}): Promise<void> {
  await request_generation({
    agent_type: input.agent_type,
    request: {
      request_id: workflowInfo().workflowId,
      requested_by: input.requested_by,
      optimization_id: null,
    },
  });
}
