import { randomUUID } from "node:crypto";
import { listAgentTypes, requireAgentType } from "#lib/db/agent-types.ts";
import type { Executor } from "#lib/db/client.ts";
import { createOptimization, listOptimizations, type Optimization } from "#lib/db/optimizations.ts";
import { getTag, prodTag } from "#lib/db/tags.ts";
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import { contentHash } from "../content-hash.ts";
import { AppError } from "../errors.ts";

/**
 * Queues an optimization of an agent's production prompt; the optimizer finds the row. The other agents of the system
 * are frozen at what prod points at now. Throws AppError("conflict") while one is under way for the agent type or when
 * it has no production prompt, AppError("not-found") for an unknown agent type.
 */
export async function startOptimization(
  db: Executor,
  request: {
    agentType: string;
    config: OptimizationConfig;
    createdBy: string;
  },
): Promise<Optimization> {
  const { agentType, config, createdBy } = request;
  const agent = await requireAgentType(db, agentType);
  const active = await listOptimizations(db, {
    agentType,
    states: ["queued", "running", "stopping"],
    limit: 1,
  });
  const [underWay] = active.items;
  if (underWay !== undefined) {
    throw new AppError("conflict", `An optimization of the ${agentType} is under way already.`, {
      details: { optimizationId: underWay.id },
    });
  }
  const held = await getTag(db, agentType, prodTag);
  if (held === null)
    throw new AppError("conflict", `The ${agentType} has no production prompt to improve.`);
  const { items } = await listAgentTypes(db);
  const others = items.filter(({ name, system }) => system === agent.system && name !== agentType);
  const companions: Record<string, string> = {};
  if (agent.system === "workbench") {
    for (const { name } of others) {
      const tag = await getTag(db, name, prodTag);
      if (tag !== null) companions[name] = tag.promptId;
    }
  }
  return createOptimization(db, {
    id: randomUUID(),
    agentType,
    config,
    configHash: contentHash(config),
    trigger: "person",
    createdBy,
    incumbentId: held.promptId,
    companions,
    simulated: (config.model ?? agent.defaultModel).startsWith("simulated"),
  });
}
