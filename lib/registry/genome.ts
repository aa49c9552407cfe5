import type { AgentType } from "#lib/db/agent-types.ts";
import { type PromptGenome, promptGenome } from "#lib/domain/prompt.ts";
import { contentHash } from "../content-hash.ts";
import { AppError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";

/** The genome with defaults filled in and its tools sorted and unique; throws AppError("invalid") when it is none. */
export function normaliseGenome(genome: unknown): PromptGenome {
  const parsed = parseInput(promptGenome, genome, "The prompt is");
  return { ...parsed, tools: [...new Set(parsed.tools)].sort() };
}

/** Identity of what a prompt says and how it runs; equal genomes are one row. */
export function genomeHash(genome: PromptGenome): string {
  return contentHash({
    content: genome.content,
    parameters: genome.parameters,
    tools: genome.tools,
  });
}

/** Throws AppError("invalid") when the genome uses tools that its agent type does not have. */
export function checkTools(genome: PromptGenome, agent: AgentType): void {
  const unknown = genome.tools.filter((tool) => !agent.allowedTools.includes(tool));
  if (unknown.length === 0) return;
  throw new AppError(
    "invalid",
    `The agent type "${agent.name}" has no tool ${unknown.map((tool) => `"${tool}"`).join(", ")}.`,
    { details: { unknownTools: unknown, allowedTools: agent.allowedTools } },
  );
}
