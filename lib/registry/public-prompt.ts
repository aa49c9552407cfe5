import type { PromptRecord } from "#lib/db/prompts.ts";
import type { PromptParameters, PromptStatus } from "#lib/domain/prompt.ts";
import { messagesOf, type PromptMessage } from "./admission.ts";
import type { Fitness } from "./fitness.ts";

/** A prompt as the API shows it; the names are kept for clients. */
export interface PublicPrompt {
  id: string;
  agent_type: string;
  version: string;
  content: string;
  /** The content divided at its role markers, not rendered. */
  messages: PromptMessage[];
  /** First parent, or null for a seed. */
  parent_id: string | null;
  parent_ids: string[];
  created_at: string;
  created_by: string;
  message: string;
  tags: string[];
  /** True while it holds prod and came there by a release without proof. */
  unproven: boolean;
  /** Success rate (0..1) it was last measured with; null when it was not. */
  fitness_score: number | null;
  /** True when that score was measured with the simulated model. */
  fitness_simulated: boolean;
  status: PromptStatus;
  parameters: PromptParameters;
  tools: string[];
  content_hash: string;
}

/** The public shape of a prompt; `fitness` comes from fitnessScores. */
export function publicPrompt(prompt: PromptRecord, fitness: Fitness | null): PublicPrompt {
  return {
    id: prompt.id,
    agent_type: prompt.agentType,
    version: prompt.version,
    content: prompt.content,
    messages: messagesOf(prompt.content),
    parent_id: prompt.parents[0]?.parentId ?? null,
    parent_ids: prompt.parents.map(({ parentId }) => parentId),
    created_at: prompt.createdAt.toISOString(),
    created_by: prompt.createdBy,
    message: prompt.message,
    tags: prompt.tags,
    unproven: prompt.unproven,
    fitness_score: fitness?.value ?? null,
    fitness_simulated: fitness?.simulated ?? false,
    status: prompt.status,
    parameters: prompt.parameters,
    tools: prompt.tools,
    content_hash: prompt.contentHash,
  };
}
