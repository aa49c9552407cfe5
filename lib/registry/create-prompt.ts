import { randomUUID } from "node:crypto";
import { type AgentType, requireAgentType } from "#lib/db/agent-types.ts";
import type { Database, Executor } from "#lib/db/client.ts";
import { toJson } from "#lib/db/json.ts";
import { getPromptByHash, loadPrompts, type PromptRecord, requirePrompt } from "#lib/db/prompts.ts";
import { execute, sql } from "#lib/db/query.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import type { PromptGenome, PromptOperator } from "#lib/domain/prompt.ts";
import { formatVersion, nextVersion, parseVersion, type Version } from "#lib/domain/version.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { AppError, invariant } from "../errors.ts";
import { admitTemplate, variablesOf } from "./admission.ts";
import { checkTools, genomeHash, normaliseGenome } from "./genome.ts";
import { startLifecycle } from "./lifecycle.ts";

export interface NewPrompt {
  agentType: string;
  /** Parsed and normalised here: foreign data may be passed. */
  genome: PromptGenome;
  /** Decides the part of the version that grows, unless the template's variables changed (then major). */
  change: "optimizer" | "person" | "seed";
  parents: readonly {
    promptId: string;
    operator: PromptOperator;
    operatorArguments?: Record<string, unknown>;
  }[];
  createdBy: string;
  message: string;
  optimizationId?: string | null;
  experimentId?: string | null;
  generation?: number | null;
}

/**
 * Saves a prompt. The same content again answers with the row that exists (`created` false). Any number of callers may
 * save at once: a lock per agent type hands out the versions one by one. Throws AppError("invalid") for a genome, a
 * template (details.refusals with line and column), tools or parents that are refused, AppError("not-found") for an
 * unknown agent type.
 */
export async function createPrompt(
  db: Database,
  input: NewPrompt,
): Promise<{ prompt: PromptRecord; created: boolean }> {
  const agent = await requireAgentType(db, input.agentType);
  const admitted = admitPrompt(agent, input);
  return inTransaction(db, (tx) => keepPrompt(tx, agent, admitted));
}

/** A prompt that passed the checks of a save. */
export interface AdmittedPrompt extends NewPrompt {
  contentHash: string;
}

/** The checks of a save, which take some time and no database. Throws AppError("invalid"). */
export function admitPrompt(agent: AgentType, input: NewPrompt): AdmittedPrompt {
  const genome = normaliseGenome(input.genome);
  admitTemplate(genome.content, agent.requiredVariables);
  checkTools(genome, agent);
  return { ...input, genome, contentHash: genomeHash(genome) };
}

/** Keeps what was admitted, in the caller's transaction. */
export async function keepPrompt(
  tx: Executor,
  agent: AgentType,
  admitted: AdmittedPrompt,
): Promise<{ prompt: PromptRecord; created: boolean }> {
  await lockPrompts(tx, agent.name);
  const existing = await getPromptByHash(tx, agent.name, admitted.contentHash);
  if (existing !== null) return { prompt: existing, created: false };
  const prompt = await requirePrompt(tx, await insertPrompt(tx, agent, admitted));
  await appendAudit(tx, {
    actor: admitted.createdBy,
    action: "prompt.create",
    subject: `prompt:${prompt.id}`,
    after: {
      agentType: agent.name,
      version: prompt.version,
      contentHash: prompt.contentHash,
      message: prompt.message,
    },
  });
  return { prompt, created: true };
}

/** One saver at a time for each agent type, until the transaction ends. */
export async function lockPrompts(tx: Executor, agentType: string): Promise<void> {
  await execute(
    tx,
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`prompt ${agentType}`}, 0))`,
  );
}

async function insertPrompt(
  tx: Executor,
  agent: AgentType,
  input: AdmittedPrompt,
): Promise<string> {
  const parents = await requireParents(tx, agent, input);
  const version = await freeVersion(tx, agent, input, parents[0] ?? null);
  const { content, parameters, tools } = input.genome;
  const id = randomUUID();
  await tx.prompt.create({
    data: {
      id,
      agentType: agent.name,
      version: formatVersion(version),
      versionMajor: version.major,
      versionMinor: version.minor,
      versionPatch: version.patch,
      content,
      parameters: toJson(parameters),
      tools,
      contentHash: input.contentHash,
      createdBy: input.createdBy,
      message: input.message,
    },
  });
  await tx.promptParent.createMany({
    data: input.parents.map(({ promptId, operator, operatorArguments }, position) => ({
      childId: id,
      parentId: promptId,
      position,
      operator,
      operatorArguments: toJson(operatorArguments ?? {}),
      optimizationId: input.optimizationId ?? null,
      experimentId: input.experimentId ?? null,
      generation: input.generation ?? null,
    })),
  });
  await startLifecycle(tx, id, { actor: input.createdBy, reason: input.message });
  return id;
}

async function requireParents(
  tx: Executor,
  agent: AgentType,
  input: NewPrompt,
): Promise<PromptRecord[]> {
  const ids = input.parents.map(({ promptId }) => promptId);
  const parents = await loadPrompts(tx, ids);
  const known = new Set(parents.map(({ id }) => id));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw new AppError("invalid", `There is no parent prompt ${missing}.`);
  const foreign = parents.find(({ agentType }) => agentType !== agent.name);
  if (foreign !== undefined) {
    throw new AppError(
      "invalid",
      `The parent ${foreign.version} belongs to the agent type "${foreign.agentType}", not "${agent.name}".`,
    );
  }
  return parents;
}

async function freeVersion(
  tx: Executor,
  agent: AgentType,
  input: NewPrompt,
  parent: PromptRecord | null,
): Promise<Version> {
  const rows = await tx.prompt.findMany({
    where: { agentType: agent.name },
    select: { versionMajor: true, versionMinor: true, versionPatch: true },
  });
  const taken = rows.map(({ versionMajor: major, versionMinor: minor, versionPatch: patch }) => ({
    major,
    minor,
    patch,
  }));
  if (parent === null) return nextVersion(null, "person", taken);
  const from = parseVersion(parent.version);
  invariant(from !== null, `the stored version ${parent.version} is none`);
  const sameVariables =
    variablesOf(parent.content).join() === variablesOf(input.genome.content).join();
  const change = input.change === "optimizer" ? "optimizer" : "person";
  return nextVersion(from, sameVariables ? change : "variables", taken);
}
