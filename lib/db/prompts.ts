import { z } from "zod";
import {
  type Prompt,
  type PromptParentEdge,
  promptOperator,
  promptParameters,
  promptStatus,
} from "#lib/domain/prompt.ts";
import { AppError } from "../errors.ts";
import type { Executor } from "./client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "./cursor.ts";
import type { Prisma } from "./generated/client.ts";
import { parseStored } from "./query.ts";

/** A prompt with what stands beside its immutable row. */
export interface PromptRecord extends Prompt {
  /** Tags that point at it now, sorted. */
  tags: string[];
  parents: PromptParentEdge[];
}

const promptInclude = {
  status: true,
  tags: { select: { tag: true }, orderBy: { tag: "asc" } },
  parents: { orderBy: { position: "asc" } },
} satisfies Prisma.PromptInclude;

export async function getPrompt(db: Executor, id: string): Promise<PromptRecord | null> {
  if (!z.uuid().safeParse(id).success) return null;
  const row = await db.prompt.findUnique({ where: { id }, include: promptInclude });
  return row === null ? null : fromRow(row);
}

/** Throws AppError("not-found") when there is no such prompt. */
export async function requirePrompt(db: Executor, id: string): Promise<PromptRecord> {
  const found = await getPrompt(db, id);
  if (found === null) throw new AppError("not-found", `There is no prompt ${id}.`);
  return found;
}

export async function getPromptByVersion(
  db: Executor,
  agentType: string,
  version: string,
): Promise<PromptRecord | null> {
  const where = { agentType_version: { agentType, version } };
  const row = await db.prompt.findUnique({ where, include: promptInclude });
  return row === null ? null : fromRow(row);
}

export async function getPromptByHash(
  db: Executor,
  agentType: string,
  contentHash: string,
): Promise<PromptRecord | null> {
  const where = { agentType_contentHash: { agentType, contentHash } };
  const row = await db.prompt.findUnique({ where, include: promptInclude });
  return row === null ? null : fromRow(row);
}

/** The prompts with these ids, in the order of the ids; unknown ids are left out. */
export async function loadPrompts(db: Executor, ids: readonly string[]): Promise<PromptRecord[]> {
  const rows = await db.prompt.findMany({
    where: { id: { in: [...ids] } },
    include: promptInclude,
  });
  const byId = new Map(rows.map((row) => [row.id, fromRow(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export const promptFilter = z.strictObject({
  agentType: z.string().optional(),
  status: promptStatus.optional(),
  tag: z.string().max(36).optional(),
  optimizationId: z.uuid().optional(),
  /** Occurs in the content, in any case. */
  text: z.string().min(1).max(200).optional(),
});
export type PromptFilter = z.infer<typeof promptFilter>;

const newestKey = z.strictObject({ createdAt: z.iso.datetime(), id: z.uuid() });

/** Prompts, newest first. */
export async function listPrompts(
  db: Executor,
  query: PromptFilter & PageRequest = {},
): Promise<Page<PromptRecord>> {
  const limit = pageLimit(query);
  const after = decodeCursor(newestKey, query.cursor);
  const conditions: Prisma.PromptWhereInput[] = [];
  if (query.agentType !== undefined) conditions.push({ agentType: query.agentType });
  if (query.status !== undefined) conditions.push({ status: { status: query.status } });
  if (query.tag !== undefined) conditions.push({ tags: { some: { tag: query.tag } } });
  if (query.optimizationId !== undefined)
    conditions.push({ parents: { some: { optimizationId: query.optimizationId } } });
  if (query.text !== undefined)
    conditions.push({ content: { contains: query.text, mode: "insensitive" } });
  if (after !== null) conditions.push(olderThan(new Date(after.createdAt), after.id));
  const rows = await db.prompt.findMany({
    where: { AND: conditions },
    include: promptInclude,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  return pageOf(rows, limit, {
    item: fromRow,
    key: (row) => ({ createdAt: row.createdAt.toISOString(), id: row.id }),
  });
}

function olderThan(createdAt: Date, id: string): Prisma.PromptWhereInput {
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

type PromptRow = Prisma.PromptGetPayload<{ include: typeof promptInclude }>;

function fromRow(row: PromptRow): PromptRecord {
  return {
    id: row.id,
    agentType: row.agentType,
    version: row.version,
    content: row.content,
    parameters: parseStored(promptParameters, row.parameters, "a prompt's parameters"),
    tools: row.tools,
    contentHash: row.contentHash,
    status: parseStored(promptStatus, row.status?.status, "a prompt's status"),
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    message: row.message,
    tags: row.tags.map(({ tag }) => tag),
    parents: row.parents.map(parentEdge),
  };
}

const operatorArguments = z.record(z.string(), z.unknown());

/** A row of prompt_parents as the domain's edge. */
export function parentEdge(row: Prisma.PromptParentModel): PromptParentEdge {
  return {
    ...row,
    operator: parseStored(promptOperator, row.operator, "a parent's operator"),
    operatorArguments: parseStored(
      operatorArguments,
      row.operatorArguments,
      "an operator's arguments",
    ),
  };
}
