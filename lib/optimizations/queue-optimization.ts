import { randomUUID } from "node:crypto";
import { appendAudit } from "../audit/append-audit.ts";
import { contentHash } from "../content-hash.ts";
import { listAgentTypes, requireAgentType } from "../db/agent-types.ts";
import type { Database } from "../db/client.ts";
import { createOptimization, getOptimization, type Optimization } from "../db/optimizations.ts";
import { getPromptByVersion } from "../db/prompts.ts";
import { inTransaction } from "../db/transaction.ts";
import type { OptimizationConfig } from "../domain/optimization.ts";
import { AppError } from "../errors.ts";
import { isSimulatedModel } from "../llm/models.ts";
import { productionPrompt } from "../registry/production.ts";

export interface OptimizationRequest {
  agentType: string;
  config: OptimizationConfig;
  /** What started it: `person`, `observer` or `command-line`. */
  trigger: string;
  createdBy: string;
  /** Version to start from; today's production prompt when absent. */
  fromVersion?: string;
  /** Id of the new row, for callers that may ask twice: the second time answers with the row that exists. */
  id?: string;
}

/**
 * Writes a queued optimization, which the optimizer takes up. The incumbent and the other agents' prompts are frozen
 * here. Throws AppError("not-found") for an unknown agent type or version, AppError("conflict") when the agent or one
 * of its companions has no production prompt.
 */
export async function queueOptimization(
  db: Database,
  request: OptimizationRequest,
): Promise<Optimization> {
  const { agentType, config, trigger, createdBy, id = randomUUID() } = request;
  const known = request.id === undefined ? null : await getOptimization(db, id);
  if (known !== null) return known;
  const agent = await requireAgentType(db, agentType);
  const incumbentId = await incumbentOf(db, request);
  const { items } = await listAgentTypes(db);
  const companions: Record<string, string> = {};
  const models = [config.model ?? agent.defaultModel];
  for (const other of items) {
    if (agent.system === "single" || other.system !== agent.system || other.name === agent.name)
      continue;
    companions[other.name] = await productionId(db, other.name);
    models.push(config.model ?? other.defaultModel);
  }
  const simulated = models.some(isSimulatedModel);
  return inTransaction(db, async (tx) => {
    const optimization = await createOptimization(tx, {
      id,
      agentType,
      config,
      configHash: contentHash(config),
      trigger,
      createdBy,
      incumbentId,
      companions,
      simulated,
    });
    await appendAudit(tx, {
      actor: createdBy,
      action: "optimization.queued",
      subject: `optimization:${optimization.id}`,
      after: { agentType, seed: config.seed, trigger },
    });
    return optimization;
  });
}

async function incumbentOf(
  db: Database,
  { agentType, fromVersion }: OptimizationRequest,
): Promise<string> {
  if (fromVersion === undefined) return productionId(db, agentType);
  const found = await getPromptByVersion(db, agentType, fromVersion);
  if (found === null)
    throw new AppError("not-found", `The agent type "${agentType}" has no version ${fromVersion}.`);
  return found.id;
}

async function productionId(db: Database, agentType: string): Promise<string> {
  const production = await productionPrompt(db, agentType);
  if (production !== null) return production.prompt.id;
  throw new AppError(
    "conflict",
    `The agent type "${agentType}" has no prompt in production. Approve or install one first.`,
  );
}
