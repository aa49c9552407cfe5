import { type AgentType, listAgentTypes } from "../db/agent-types.ts";
import { suiteJudgeModels } from "../db/benchmarks.ts";
import type { Executor } from "../db/client.ts";
import { isSimulatedModel } from "../llm/models.ts";
import { productionPrompt } from "../registry/production.ts";

/** The agent systems that run in this process; any other one is somebody's own and may bill for what it does. */
const builtInSystems: ReadonlySet<string> = new Set(["single", "workbench"]);

/**
 * True when nothing that an optimization of this agent may call bills anybody: agents, proposer, judges and every model
 * that a prompt may be moved to are simulated. `model` stands for the agents' own models; null keeps those.
 */
export async function isSimulatedOnly(
  db: Executor,
  agent: AgentType,
  model: string | null,
): Promise<boolean> {
  if (!builtInSystems.has(agent.system)) return false;
  const { items } = await listAgentTypes(db);
  const parts =
    agent.system === "single" ? [agent] : items.filter(({ system }) => system === agent.system);
  for (const { name, suite, defaultModel, parameterBounds } of parts) {
    const own = (await productionPrompt(db, name))?.prompt.parameters.model;
    const models = [model ?? defaultModel, ...parameterBounds.models, ...(own ? [own] : [])];
    if (!models.every(isSimulatedModel)) return false;
    if (!(await suiteJudgeModels(db, suite)).every(isSimulatedModel)) return false;
  }
  return true;
}
