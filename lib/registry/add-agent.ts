import {
  type AgentType,
  type AgentTypeInput,
  getAgentType,
  saveAgentType,
} from "#lib/db/agent-types.ts";
import type { Database, Executor } from "#lib/db/client.ts";
import type { PromptRecord } from "#lib/db/prompts.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { AppError } from "../errors.ts";
import { canonicalModelId } from "../llm/models.ts";
import { admitPrompt, keepPrompt, lockPrompts } from "./create-prompt.ts";
import { installInTransaction, productionPrompt } from "./production.ts";

export interface NewAgent {
  /** An agent of one's own stands alone unless it is added to a foreign system. */
  agent: Omit<AgentTypeInput, "system">;
  /** `single`, or the name of a system that an executor of the operator runs. */
  system?: string;
  genome: PromptGenome;
  /** Says where the first prompt comes from. */
  message: string;
  actor: string;
  /** May the agent type exist? Its settings are then written anew, and the prompt is kept as a draft. */
  mayExist: boolean;
}

/**
 * Adds an agent type with its first prompt, which goes into production at once: there is nothing yet that it could be
 * compared with. All or nothing. Throws AppError("conflict") when the name is taken and may not be, AppError("invalid")
 * for settings, a template or tools that are refused.
 */
export async function addAgent(
  db: Database,
  { agent: input, system = "single", genome, message, actor, mayExist }: NewAgent,
): Promise<{ agent: AgentType; prompt: PromptRecord }> {
  const model = canonicalModelId(input.defaultModel);
  return inTransaction(db, async (tx) => {
    await lockPrompts(tx, input.name);
    const before = await getAgentType(tx, input.name);
    if (before !== null && !mayExist) {
      throw new AppError("conflict", `There is an agent type "${input.name}" already.`, {
        details: { agentType: input.name },
      });
    }
    const agent = await saveAgentType(tx, {
      ...input,
      system,
      defaultModel: model,
      parameterBounds: { models: [model], ...input.parameterBounds },
    });
    await appendAudit(tx, {
      actor,
      action: before === null ? "agent.create" : "agent.update",
      subject: `agent:${agent.name}`,
      before,
      after: agent,
    });
    return { agent, prompt: await firstPrompt(tx, agent, { genome, message, actor }) };
  });
}

async function firstPrompt(
  tx: Executor,
  agent: AgentType,
  { genome, message, actor }: Pick<NewAgent, "genome" | "message" | "actor">,
): Promise<PromptRecord> {
  const admitted = admitPrompt(agent, {
    agentType: agent.name,
    genome,
    change: "person",
    parents: [],
    createdBy: actor,
    message,
  });
  const { prompt } = await keepPrompt(tx, agent, admitted);
  if ((await productionPrompt(tx, agent.name)) === null)
    await installInTransaction(tx, { promptId: prompt.id, actor, reason: "First prompt" });
  return prompt;
}
