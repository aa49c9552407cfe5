import { z } from "zod";
import { plainText } from "#lib/domain/plain-text.ts";
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
import { prodTag, unprovenHolders } from "./tags.ts";

/** A prompt with what stands beside its immutable row. */
export interface PromptRecord extends Prompt {
  /** Tags that point at it now, sorted. */
  tags: string[];
  /** In production without proof: the mark stays until another prompt holds prod. */
  unproven: boolean;
  parents: PromptParentEdge[];
}

export async function getPrompt(db: Executor, id: string): Promise<PromptRecord | null> {
  if (!z.uuid().safeParse(id).success) return null;
  return toRecord(db, await db.prompt.findUnique({ where: { id } }));
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
  return toRecord(db, await db.prompt.findUnique({ where }));
}

export async function getPromptByHash(
  db: Executor,
  agentType: string,
  contentHash: string,
): Promise<PromptRecord | null> {
  const where = { agentType_contentHash: { agentType, contentHash } };
  return toRecord(db, await db.prompt.findUnique({ where }));
}

/** The prompts with these ids, in the order of the ids; unknown ids are left out. */
export async function loadPrompts(db: Executor, ids: readonly string[]): Promise<PromptRecord[]> {
  const rows = await db.prompt.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map((await toRecords(db, rows)).map((record) => [record.id, record]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export const promptFilter = z.strictObject({
  agentType: z.string().optional(),
  status: promptStatus.optional(),
  tag: z.string().max(36).optional(),
  optimizationId: z.uuid().optional(),
  /** Occurs in the content, in any case. */
  text: plainText.min(1).max(200).optional(),
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
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const page = pageOf(rows, limit, {
    item: (row) => row,
    key: (row) => ({ createdAt: row.createdAt.toISOString(), id: row.id }),
  });
  return { ...page, items: await toRecords(db, page.items) };
}

function olderThan(createdAt: Date, id: string): Prisma.PromptWhereInput {
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

async function toRecord(
  db: Executor,
  row: Prisma.PromptModel | null,
): Promise<PromptRecord | null> {
  return row === null ? null : ((await toRecords(db, [row]))[0] ?? null);
}

/** What stands beside the rows is read by one query after the other: a transaction has one connection. */
async function toRecords(
  db: Executor,
  rows: readonly Prisma.PromptModel[],
): Promise<PromptRecord[]> {
  if (rows.length === 0) return [];
  const promptId = { in: rows.map(({ id }) => id) };
  const statuses = await db.promptStatusNow.findMany({ where: { promptId } });
  const tags = await db.promptTag.findMany({ where: { promptId }, orderBy: { tag: "asc" } });
  const parents = await db.promptParent.findMany({
    where: { childId: promptId },
    orderBy: { position: "asc" },
  });
  const holders = tags.flatMap((row) => (row.tag === prodTag ? row.promptId : []));
  const unproven = await unprovenHolders(db, holders);
  const statusOf = new Map(statuses.map((row) => [row.promptId, row.status]));
  const tagsOf = groupBy(tags, (row) => row.promptId);
  const parentsOf = groupBy(parents, (row) => row.childId);
  return rows.map((row) => ({
    id: row.id,
    agentType: row.agentType,
    version: row.version,
    content: row.content,
    parameters: parseStored(promptParameters, row.parameters, "a prompt's parameters"),
    tools: row.tools,
    contentHash: row.contentHash,
    status: parseStored(promptStatus, statusOf.get(row.id), "a prompt's status"),
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    message: row.message,
    tags: (tagsOf.get(row.id) ?? []).map(({ tag }) => tag),
    unproven: unproven.has(row.id),
    parents: (parentsOf.get(row.id) ?? []).map(parentEdge),
  }));
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

const operatorArguments = z.record(z.string(), z.unknown());

function parentEdge(row: Prisma.PromptParentModel): PromptParentEdge {
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
