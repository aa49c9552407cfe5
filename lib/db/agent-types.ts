import { z } from "zod";
import {
  type AgentThresholds,
  agentThresholds,
  nonInferiorityMargin,
  type ParameterBounds,
  parameterBounds,
  type RepeatBehaviour,
  repeatBehaviour,
} from "#lib/domain/optimization.ts";
import { agentTypeName } from "#lib/domain/prompt.ts";
import { AppError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import type { Executor } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
import { toJson } from "./json.ts";
import { parseStored } from "./query.ts";

/** `workbench` and `single` are built in; any other name is run by the executor that serves it. */
export const agentSystem = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, "use lower-case letters, digits and dashes, at most 63");

/** One kind of agent whose prompt is kept and evolved. */
export interface AgentType {
  name: string;
  /** The agent system that a run of this agent belongs to. */
  system: string;
  suite: string;
  description: string;
  requiredVariables: string[];
  protectedTexts: string[];
  allowedTools: string[];
  defaultModel: string;
  parameterBounds: ParameterBounds;
  thresholds: AgentThresholds;
  /** Whether equal requests can be answered differently; null lets each run probe it. */
  repeats: RepeatBehaviour | null;
  /** Largest drop of success, as a share of 1, at which a cheaper prompt counts as equal. */
  nonInferiorityMargin: number;
  createdAt: Date;
}

export const agentTypeInput = z.strictObject({
  name: agentTypeName,
  system: agentSystem,
  suite: z.string().min(1).max(100),
  description: z.string().max(2_000),
  requiredVariables: z.array(z.string().min(1).max(64)).max(64).default([]),
  protectedTexts: z.array(z.string().min(1)).max(64).default([]),
  allowedTools: z.array(z.string().min(1).max(100)).max(64).default([]),
  defaultModel: z.string().min(1).max(200),
  parameterBounds: parameterBounds.prefault({}),
  thresholds: agentThresholds.prefault({}),
  repeats: repeatBehaviour.nullable().default(null),
  nonInferiorityMargin,
});
export type AgentTypeInput = z.input<typeof agentTypeInput>;

/** Creates an agent type, or writes its settings anew when the name exists; prompts are not touched. */
export async function saveAgentType(db: Executor, input: AgentTypeInput): Promise<AgentType> {
  const { name, ...rest } = parseInput(agentTypeInput, input, "This agent type is");
  const data = {
    ...rest,
    parameterBounds: toJson(rest.parameterBounds),
    thresholds: toJson(rest.thresholds),
  };
  const row = await db.agentType.upsert({
    where: { name },
    create: { name, ...data },
    update: data,
  });
  return fromRow(row);
}

export async function getAgentType(db: Executor, name: string): Promise<AgentType | null> {
  const row = await db.agentType.findUnique({ where: { name } });
  return row === null ? null : fromRow(row);
}

/** Throws AppError("not-found") when there is no such agent type. */
export async function requireAgentType(db: Executor, name: string): Promise<AgentType> {
  const found = await getAgentType(db, name);
  if (found === null) throw new AppError("not-found", `There is no agent type "${name}".`);
  return found;
}

/** All agent types by name; a system has a handful, so there is one page. */
export async function listAgentTypes(
  db: Executor,
): Promise<{ items: AgentType[]; nextCursor: null }> {
  const rows = await db.agentType.findMany({ orderBy: { name: "asc" } });
  return { items: rows.map(fromRow), nextCursor: null };
}

function fromRow(row: Prisma.AgentTypeModel): AgentType {
  return {
    ...row,
    parameterBounds: parseStored(parameterBounds, row.parameterBounds, "parameter bounds"),
    thresholds: parseStored(agentThresholds, row.thresholds, "thresholds"),
    repeats: repeatBehaviour.nullable().parse(row.repeats),
  };
}
