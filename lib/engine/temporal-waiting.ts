/** What a run on Temporal waits for, found by looking and told in words: the server, its workers, an answer. */
import {
  type Client,
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from "@temporalio/client";
import { ApplicationFailure } from "@temporalio/common";
import { experimentWorkflowId } from "../temporal/experiment-contract.ts";
import { isPolled } from "../temporal/missing-workers.ts";

const lookTimeoutMs = 1_500;
/** Among the ids of experiments that wait, the server itself. */
export const serverId = "server";
/** The same for workers, who are asked about less often: Temporal itself notices after a minute and a half. */
export const workersId = "workers";

/** Tells once when the first request begins to wait, and once when none waits any more. */
export class Waiting {
  private readonly ids = new Set<string>();

  constructor(private readonly tell: ((reason: string | null) => void) | undefined) {}

  begin(id: string, reason: string): void {
    if (this.ids.size === 0) this.tell?.(reason);
    this.ids.add(id);
  }

  end(id: string): void {
    if (this.ids.delete(id) && this.ids.size === 0) this.tell?.(null);
  }
}

/** Of gRPC: cancelled, unknown, exhausted, aborted, internal. */
const passingCodes: ReadonlySet<number> = new Set([1, 2, 8, 10, 13]);

/** Why an error may pass by waiting; null when it will not. */
export function reasonToWait(error: unknown): string | null {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
    return "it does not answer in time";
  // The workflow ended between two looks at it, or somebody ended it: the next request starts it again.
  if (error instanceof WorkflowNotFoundError || endedBeforeItsAnswer(error))
    return "its workflow has just ended";
  // Some calls of the client wrap what the server or the way to it said.
  const said = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(said)) return null;
  if (said.code === 4) return "it does not answer in time";
  if (said.code === 14) return "it cannot be reached";
  return passingCodes.has(said.code) ? said.details : null;
}

/** The server's answer for a workflow that was terminated, timed out or is gone with its state. */
function endedBeforeItsAnswer(error: unknown): boolean {
  if (!(error instanceof WorkflowUpdateFailedError)) return false;
  const { cause } = error;
  return cause instanceof ApplicationFailure && cause.type === "AcceptedUpdateCompletedWorkflow";
}

/** A request on its way is repeated by the client for a while; the run should say sooner why nothing happens. */
export async function lookAtServer(client: Client, waiting: Waiting): Promise<void> {
  try {
    await client.withDeadline(Date.now() + lookTimeoutMs, () =>
      client.workflowService.getSystemInfo({}),
    );
    waiting.end(serverId);
  } catch (error) {
    waiting.begin(serverId, reasonToWait(error) ?? "it does not answer");
  }
}

/**
 * Work that nobody takes looks like work that is slow. A worker whose slots are all taken asks for no more: where a trial is
 * under way somebody works.
 */
export async function lookAtWorkers(
  {
    client,
    queues,
    experimentIds,
  }: {
    client: Client;
    queues: { workflows: string; trials: string };
    experimentIds: readonly string[];
  },
  waiting: Waiting,
): Promise<void> {
  const areThere = await Promise.all([
    isPolled(client, queues.workflows, "workflow"),
    isPolled(client, queues.trials, "activity"),
  ]);
  if (areThere.every(Boolean) || (await isWorkedOn(client, experimentIds))) waiting.end(workersId);
  else waiting.begin(workersId, "no worker takes its work, genepool worker starts one");
}

/** `PENDING_ACTIVITY_STATE_STARTED` of Temporal's API. */
const startedState = 2;

/** Whether some worker holds an activity of these experiments; a dead one's is given back after its heartbeat. */
export async function isWorkedOn(
  client: Client,
  experimentIds: readonly string[],
): Promise<boolean> {
  const described = await client.withDeadline(Date.now() + lookTimeoutMs, () =>
    // One that has just ended, or has not begun, is worked on by nobody.
    Promise.allSettled(
      experimentIds.map((id) => client.workflow.getHandle(experimentWorkflowId(id)).describe()),
    ),
  );
  return described.some(
    (found) =>
      found.status === "fulfilled" &&
      (found.value.raw.pendingActivities ?? []).some(({ state }) => state === startedState),
  );
}
