import type { Database } from "../db/client.ts";
import { listOptimizations, type Optimization } from "../db/optimizations.ts";
import type { OptimizationConfig } from "../domain/optimization.ts";
import { AppError } from "../errors.ts";
import { queueOptimization } from "./queue-optimization.ts";

/**
 * Queues an optimization that a person asked for. Throws AppError("conflict") while one is under way for the agent
 * type: a second click is not a second wish.
 */
export async function startOptimization(
  db: Database,
  request: { agentType: string; config: OptimizationConfig; createdBy: string },
): Promise<Optimization> {
  const { agentType } = request;
  const active = await listOptimizations(db, {
    agentType,
    states: ["queued", "running", "stopping"],
    limit: 1,
  });
  const [underWay] = active.items;
  if (underWay === undefined) return queueOptimization(db, { ...request, trigger: "person" });
  throw new AppError("conflict", `An optimization of the ${agentType} is under way already.`, {
    details: { optimizationId: underWay.id },
  });
}
