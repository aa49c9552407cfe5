/** What the optimization loop does to the database. Each may be called twice for one wish and then changes nothing more. */
import { Context } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import { z } from "zod";
import type { Database } from "#lib/db/client.ts";
import {
  getOptimization,
  listOptimizations,
  requestStop,
  requireOptimization,
} from "#lib/db/optimizations.ts";
import { deterministicUuid } from "#lib/deterministic-uuid.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { AppError } from "#lib/errors.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import type { GenerationRequest, LoopActivities } from "#lib/temporal/loop-contract.ts";
import { requestGeneration } from "#lib/temporal/optimization-loop.ts";

const idText = z.string().min(1).max(200);
const generationRequest = z.object({
  request_id: idText,
  requested_by: idText,
  optimization_id: z.uuid().nullable(),
});
const requestInput = z.object({ agent_type: idText, request: generationRequest });
const optimizationInput = z.object({ optimization_id: z.uuid() });

const active = ["queued", "running", "stopping"] as const;

export interface LoopDependencies {
  db: Database;
  /** Queue of the workflows, for the loop that a schedule's wish may have to start. */
  queue: string;
  /** Model for generations that the loop starts; null keeps each agent's own. */
  model: string | null;
  /** Between two looks at an optimization under way, in ms. */
  pollMs?: number;
}

export function createLoopActivities(dependencies: LoopDependencies): LoopActivities {
  const { db, queue, pollMs = 500 } = dependencies;
  return {
    start_generation: (input) =>
      refusing(async () => {
        const { agent_type, request } = requestInput.parse(input);
        return { optimization_id: await startOnce(dependencies, agent_type, request) };
      }),
    follow_generation: (input) =>
      refusing(async () => {
        const { optimization_id } = optimizationInput.parse(input);
        while (true) {
          const { state, trialsDone } = await requireOptimization(db, optimization_id);
          if (state === "finished" || state === "stopped" || state === "failed")
            return { state, trials_done: trialsDone };
          Context.current().heartbeat({ trials_done: trialsDone });
          // Rejects when the loop was told to stop, or this worker drains.
          await Context.current().sleep(pollMs);
        }
      }),
    stop_generation: (input) =>
      refusing(async () => {
        const { optimization_id } = optimizationInput.parse(input);
        await requestStop(db, optimization_id);
      }),
    request_generation: (input) =>
      refusing(async () => {
        const { agent_type, request } = requestInput.parse(input);
        await requestGeneration(Context.current().client, queue, {
          agentType: agent_type,
          request,
        });
      }),
  };
}

/**
 * The optimization of a wish: the one it names, the one it made before, the one that is under way for the agent type
 * (a second search of the same incumbent would compete with it), or a new one.
 */
async function startOnce(
  { db, model }: LoopDependencies,
  agentType: string,
  request: GenerationRequest,
): Promise<string> {
  if (request.optimization_id !== null)
    return (await requireOptimization(db, request.optimization_id)).id;
  const id = deterministicUuid("generation", agentType, request.request_id);
  if ((await getOptimization(db, id)) !== null) return id;
  const underWay = await listOptimizations(db, { agentType, states: active, limit: 1 });
  const [other] = underWay.items;
  if (other !== undefined) return other.id;
  const seed = (await listOptimizations(db, { agentType, limit: 500 })).items.length + 1;
  const queued = await queueOptimization(db, {
    id,
    agentType,
    config: optimizationConfig.parse({ seed, evidence: "journal", model }),
    trigger: request.requested_by === "observer" ? "observer" : "loop",
    createdBy: request.requested_by,
  });
  return queued.id;
}

/** What will not pass by trying again is a failure of its own type; the rest is thrown and tried again. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const final =
      error instanceof z.ZodError ||
      (error instanceof AppError && error.code !== "unavailable" && error.code !== "internal");
    if (!final) throw error;
    throw ApplicationFailure.create({
      type: "Refused",
      nonRetryable: true,
      message: error.message,
      cause: error,
    });
  }
}
