import type { AgentType } from "../db/agent-types.ts";
import type { Executor } from "../db/client.ts";
import { loadPrompts, type PromptRecord } from "../db/prompts.ts";
import { isProvable } from "../domain/lifecycle.ts";
import type { OptimizationConfig } from "../domain/optimization.ts";
import { AppError } from "../errors.ts";
import { checkTools } from "../registry/genome.ts";
import { checkTemplate } from "../template/check.ts";

/**
 * The prompts that a run is to put to the proof against the incumbent, in the order they were named; none for a search.
 * They pass the checks that the search's own children pass: the variables and the protected texts of the agent type, and
 * its tools. Throws AppError("not-found") for an unknown prompt, AppError("invalid") for one that is named twice, belongs
 * to another agent type or breaks a rule, AppError("conflict") for one that is in production or archived.
 */
export async function proofEntrants(
  db: Executor,
  { prove }: Pick<OptimizationConfig, "prove">,
  { agent, incumbent }: { agent: AgentType; incumbent: PromptRecord },
): Promise<PromptRecord[]> {
  if (new Set(prove).size < prove.length)
    throw new AppError("invalid", "A prompt is named twice: each is proven once.");
  const entrants = await loadPrompts(db, prove);
  const known = new Set(entrants.map(({ id }) => id));
  const missing = prove.find((id) => !known.has(id));
  if (missing !== undefined) throw new AppError("not-found", `There is no prompt ${missing}.`);
  for (const entrant of entrants) {
    requireStanding(entrant, agent, incumbent);
    requireRules(entrant, agent, incumbent);
  }
  return entrants;
}

function requireStanding(
  { id, agentType, version, status }: PromptRecord,
  agent: AgentType,
  incumbent: PromptRecord,
): void {
  if (agentType !== agent.name)
    throw new AppError(
      "invalid",
      `The prompt ${version} belongs to the agent type "${agentType}", not "${agent.name}".`,
    );
  if (id === incumbent.id)
    throw new AppError("conflict", `${version} is what the others are measured against.`);
  if (isProvable(status)) return;
  throw new AppError(
    "conflict",
    status === "production"
      ? `${version} is in production: there is nothing to prove it against.`
      : `${version} is archived. Save its text with a change to try it again.`,
    { details: { promptId: id, status } },
  );
}

/** The agent type may have changed since the prompt was saved. */
function requireRules(entrant: PromptRecord, agent: AgentType, incumbent: PromptRecord): void {
  const { version, content } = entrant;
  const template = checkTemplate(content, { requiredVariables: agent.requiredVariables });
  if (!template.ok) {
    const reason = template.refusals[0]?.reason ?? "the template is not valid";
    throw new AppError("invalid", `${version} cannot be proven: ${reason}`, {
      details: { refusals: template.refusals },
    });
  }
  const lost = agent.protectedTexts.find(
    (text) => incumbent.content.includes(text) && !content.includes(text),
  );
  if (lost !== undefined)
    throw new AppError(
      "invalid",
      `${version} cannot be proven: the protected text "${lost.slice(0, 80)}" is gone.`,
    );
  checkTools(entrant, agent);
}
