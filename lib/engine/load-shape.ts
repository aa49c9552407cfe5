import { type AgentType, listAgentTypes } from "../db/agent-types.ts";
import type { Database } from "../db/client.ts";
import type { Optimization } from "../db/optimizations.ts";
import { type PromptRecord, requirePrompt } from "../db/prompts.ts";
import { AppError } from "../errors.ts";
import { executorKey } from "../executors/executor.ts";
import type { ExecutorRoster } from "../executors/roster.ts";
import type { AgentProfile, SearchPrompt } from "./contract.ts";
import type { TrialShape } from "./trial-shape.ts";

const trialTimeoutMs = 10 * 60_000;

/**
 * What trials of a stored optimization look like, from its row alone: every process that runs some of them comes to the
 * same shape. Throws AppError("not-found") when an agent type or a prompt is gone, AppError("invalid") when no executor
 * runs the system.
 */
export async function loadShape(
  db: Database,
  optimization: Pick<Optimization, "agentType" | "config" | "companions">,
  executors: ExecutorRoster,
): Promise<TrialShape> {
  const { items } = await listAgentTypes(db);
  const byName = new Map(items.map((agent) => [agent.name, agent]));
  const agent = byName.get(optimization.agentType);
  if (agent === undefined)
    throw new AppError("not-found", `There is no agent type "${optimization.agentType}".`);
  const { config } = optimization;
  const companions: Record<string, SearchPrompt> = {};
  const companionModels: Record<string, string> = {};
  for (const [name, promptId] of Object.entries(optimization.companions)) {
    companions[name] = searchPrompt(await requirePrompt(db, promptId));
    companionModels[name] = config.model ?? byName.get(name)?.defaultModel ?? agent.defaultModel;
  }
  return {
    agent: profileOf(agent),
    executor: executorKey(executors.forSystem(agent.system)),
    companions,
    companionModels,
    model: config.model ?? agent.defaultModel,
    runSeed: config.seed,
    timeoutMs: trialTimeoutMs,
    costLimitUsd: config.budget.trialCapUsd,
  };
}

/** What the search needs to know of an agent type. */
export function profileOf(agent: AgentType): AgentProfile {
  const { thresholds: _, createdAt: __, ...profile } = agent;
  return profile;
}

/** A registry row as the search sees it. */
export function searchPrompt(row: PromptRecord): SearchPrompt {
  return {
    id: row.id,
    version: row.version,
    contentHash: row.contentHash,
    genome: { content: row.content, parameters: row.parameters, tools: row.tools },
  };
}
