/** The optimization loop from outside: wishes, pause and resume, its state, and the Temporal Schedule that wishes by time. */
import { type Client, ScheduleNotFoundError, WorkflowNotFoundError } from "@temporalio/client";
import { AppError } from "../errors.ts";
import {
  type GenerationRequest,
  type LoopState,
  loopId,
  loopSignals,
  loopStateQuery,
  loopWorkflow,
  requestWorkflow,
} from "./loop-contract.ts";
import { agentTypeAttribute } from "./search-attributes.ts";

const callTimeoutMs = 5_000;
const requestTimeout = "1 hour";

/** Signals a wish to the agent type's loop and starts the loop when there is none; repeating it changes nothing. */
export async function requestGeneration(
  client: Client,
  queue: string,
  { agentType, request }: { agentType: string; request: GenerationRequest },
): Promise<void> {
  await client.withDeadline(Date.now() + callTimeoutMs, () =>
    client.workflow.signalWithStart(loopWorkflow, {
      ...loopStart(queue, agentType),
      signal: loopSignals.startGeneration,
      signalArgs: [request],
    }),
  );
}

function loopStart(queue: string, agentType: string) {
  return {
    workflowId: loopId(agentType),
    taskQueue: queue,
    // No execution timeout: the loop lives as long as the installation, in one short history after another.
    args: [{ agent_type: agentType }],
    typedSearchAttributes: [{ key: agentTypeAttribute, value: agentType }],
  };
}

/** Holds wishes back, also those that are still to come: a loop that there is none of starts paused. */
export async function pauseLoop(client: Client, queue: string, agentType: string): Promise<void> {
  await client.withDeadline(Date.now() + callTimeoutMs, () =>
    client.workflow.signalWithStart(loopWorkflow, {
      ...loopStart(queue, agentType),
      signal: loopSignals.pause,
      signalArgs: [],
    }),
  );
}

/** Holds wishes back, lets them go on, or ends the loop with what it has under way. */
export async function tellLoop(
  client: Client,
  agentType: string,
  signal: "pause" | "resume" | "stop",
): Promise<void> {
  await withLoop(agentType, () =>
    client.withDeadline(Date.now() + callTimeoutMs, () =>
      client.workflow.getHandle(loopId(agentType)).signal(loopSignals[signal]),
    ),
  );
}

/**
 * What the loop is at; needs a worker that runs, since it is the loop itself that answers. One that has ended would still
 * answer what it was at: it counts as none.
 */
export async function loopState(
  client: Client,
  agentType: string,
  timeoutMs = callTimeoutMs,
): Promise<LoopState> {
  return withLoop(agentType, () =>
    client.withDeadline(Date.now() + timeoutMs, async () => {
      const loop = client.workflow.getHandle(loopId(agentType));
      const { status } = await loop.describe();
      if (status.name !== "RUNNING") throw noLoop(agentType);
      return loop.query<LoopState>(loopStateQuery);
    }),
  );
}

async function withLoop<T>(agentType: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof WorkflowNotFoundError)) throw cause;
    throw noLoop(agentType, cause);
  }
}

function noLoop(agentType: string, cause?: unknown): AppError {
  return new AppError("not-found", `No optimization loop of the ${agentType} is running.`, {
    cause,
  });
}

/** Creates or changes the schedule of an agent type; `cron` in UTC. A generation that is due while one waits is skipped. */
export async function scheduleGenerations(
  client: Client,
  queue: string,
  { agentType, cron }: { agentType: string; cron: string },
): Promise<void> {
  const id = loopId(agentType);
  const spec = { cronExpressions: [cron] };
  const action = {
    type: "startWorkflow" as const,
    workflowType: requestWorkflow,
    workflowId: `${id}-due`,
    taskQueue: queue,
    workflowExecutionTimeout: requestTimeout,
    args: [{ agent_type: agentType, requested_by: "schedule" }],
  };
  const policies = { overlap: "SKIP" as const, catchupWindow: "10 minutes" };
  await client.withDeadline(Date.now() + callTimeoutMs, async () => {
    try {
      await client.schedule.getHandle(id).update((previous) => ({
        ...previous,
        spec,
        action,
        policies: { ...policies, pauseOnFailure: false },
      }));
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      await client.schedule.create({ scheduleId: id, spec, action, policies });
    }
  });
}

/** Takes the schedule away; answers whether there was one. */
export async function unscheduleGenerations(client: Client, agentType: string): Promise<boolean> {
  try {
    await client.withDeadline(Date.now() + callTimeoutMs, () =>
      client.schedule.getHandle(loopId(agentType)).delete(),
    );
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  }
}
