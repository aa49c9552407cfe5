import { randomUUID } from "node:crypto";
import { appendAudit } from "../audit/append-audit.ts";
import { contentHash } from "../content-hash.ts";
import { listAgentTypes, requireAgentType } from "../db/agent-types.ts";
import type { Database } from "../db/client.ts";
import { createOptimization, getOptimization, type Optimization } from "../db/optimizations.ts";
import { getPromptByVersion, type PromptRecord } from "../db/prompts.ts";
import { inTransaction } from "../db/transaction.ts";
import type { OptimizationConfig } from "../domain/optimization.ts";
import { AppError } from "../errors.ts";
import { isSimulatedModel } from "../llm/models.ts";
import { productionPrompt } from "../registry/production.ts";
import { proofEntrants } from "./proof-entrants.ts";

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
 * of its companions has no production prompt, and what `proofEntrants` throws for prompts that cannot be proven.
 */
export async function queueOptimization(
  db: Database,
  request: OptimizationRequest,
): Promise<Optimization> {
  const { agentType, config, trigger, createdBy, id = randomUUID() } = request;
  const known = request.id === undefined ? null : await getOptimization(db, id);
  if (known !== null) return known;
  const agent = await requireAgentType(db, agentType);
  const incumbent = await incumbentOf(db, request);
  const entrants = await proofEntrants(db, config, { agent, incumbent });
  const { items } = await listAgentTypes(db);
  const companions: Record<string, string> = {};
  const models = [config.model ?? agent.defaultModel];
  for (const other of items) {
    if (agent.system === "single" || other.system !== agent.system || other.name === agent.name)
      continue;
    companions[other.name] = (await requireProduction(db, other.name)).id;
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
      incumbentId: incumbent.id,
      companions,
      simulated,
    });
    await appendAudit(tx, {
      actor: createdBy,
      action: "optimization.queued",
      subject: `optimization:${optimization.id}`,
      after: {
        agentType,
        seed: config.seed,
        trigger,
        ...(entrants.length === 0 ? {} : { prove: entrants.map(({ version }) => version) }),
      },
    });
    return optimization;
  });
}

async function incumbentOf(
  db: Database,
  { agentType, fromVersion }: OptimizationRequest,
): Promise<PromptRecord> {
  if (fromVersion === undefined) return requireProduction(db, agentType);
  const found = await getPromptByVersion(db, agentType, fromVersion);
  if (found !== null) return found;
  throw new AppError("not-found", `The agent type "${agentType}" has no version ${fromVersion}.`);
}

async function requireProduction(db: Database, agentType: string): Promise<PromptRecord> {
  const production = await productionPrompt(db, agentType);
  if (production !== null) return production.prompt;
  throw new AppError(
    "conflict",
    `The agent type "${agentType}" has no prompt in production. Approve or install one first.`,
  );
}
