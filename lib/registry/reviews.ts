import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "#lib/db/cursor.ts";
import { type Experiment, latestConfirmations } from "#lib/db/experiments.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { loadPrompts, type PromptRecord, requirePrompt } from "#lib/db/prompts.ts";
import { prodTag, type Tag } from "#lib/db/tags.ts";
import { contentHash } from "../content-hash.ts";

/** A candidate in the review queue, with everything its decision must name. */
export interface ReviewEntry {
  prompt: PromptRecord;
  /** When it became a candidate. */
  waitingSince: Date;
  /** The newest finished confirmation; null when there is none, and then it cannot be approved. */
  experiment: Experiment | null;
  /** Identity of the evidence: an approval names the evidence it was given for. */
  evidenceDigest: string;
  /** Present holder of prod and its generation; null and 0 when there is none. */
  production: PromptRecord | null;
  prodGeneration: number;
  /** Why this cannot be approved as it stands, in words; null when it can. */
  blocked: string | null;
}

const longestFirst = [{ since: "asc" }, { promptId: "asc" }] as const;
const queueKey = z.strictObject({ since: z.iso.datetime(), promptId: z.uuid() });

/** All candidates, those that wait longest first. */
export async function reviewQueue(db: Executor): Promise<{ items: ReviewEntry[] }> {
  const rows = await db.promptStatusNow.findMany({
    where: { status: "candidate" },
    orderBy: [...longestFirst],
  });
  return { items: await entriesOf(db, rows) };
}

/** One page of the candidates, those that wait longest first. */
export async function listReviews(
  db: Executor,
  query: { agentType?: string | undefined } & PageRequest = {},
): Promise<Page<ReviewEntry>> {
  const limit = pageLimit(query);
  const after = decodeCursor(queueKey, query.cursor);
  const { agentType } = query;
  const rows = await db.promptStatusNow.findMany({
    where: {
      status: "candidate",
      ...(agentType === undefined ? {} : { agentType }),
      ...(after === null ? {} : waitingLessThan(new Date(after.since), after.promptId)),
    },
    orderBy: [...longestFirst],
    take: limit + 1,
  });
  const page = pageOf(rows, limit, {
    item: (row) => row,
    key: ({ since, promptId }) => ({ since: since.toISOString(), promptId }),
  });
  return { ...page, items: await entriesOf(db, page.items) };
}

function waitingLessThan(since: Date, promptId: string): Prisma.PromptStatusNowWhereInput {
  return { OR: [{ since: { gt: since } }, { since, promptId: { gt: promptId } }] };
}

async function entriesOf(
  db: Executor,
  rows: readonly { promptId: string }[],
): Promise<ReviewEntry[]> {
  const ids = rows.map(({ promptId }) => promptId);
  return toEntries(db, await loadPrompts(db, ids));
}

/** The review of one prompt, whatever its status; throws AppError("not-found") for an unknown prompt. */
export async function requireReview(db: Executor, promptId: string): Promise<ReviewEntry> {
  const entries = await toEntries(db, [await requirePrompt(db, promptId)]);
  const [entry] = entries;
  if (entry === undefined) throw new TypeError("a prompt without a review entry");
  return entry;
}

async function toEntries(db: Executor, prompts: readonly PromptRecord[]): Promise<ReviewEntry[]> {
  const ids = prompts.map(({ id }) => id);
  const agentTypes = [...new Set(prompts.map(({ agentType }) => agentType))];
  // One after the other: a transaction has one connection.
  const confirmations = await latestConfirmations(db, ids);
  const tags = await db.promptTag.findMany({
    where: { tag: prodTag, agentType: { in: agentTypes } },
  });
  const since = await db.promptStatusNow.findMany({ where: { promptId: { in: ids } } });
  const tagOf = new Map<string, Tag>(tags.map((tag) => [tag.agentType, tag]));
  const holders = await loadPrompts(
    db,
    tags.map((tag) => tag.promptId),
  );
  const holderOf = new Map(holders.map((holder) => [holder.agentType, holder]));
  const sinceOf = new Map(since.map((row) => [row.promptId, row.since]));
  return prompts.map((prompt) => {
    const experiment = confirmations.get(prompt.id) ?? null;
    const production = holderOf.get(prompt.agentType) ?? null;
    return {
      prompt,
      waitingSince: sinceOf.get(prompt.id) ?? prompt.createdAt,
      experiment,
      evidenceDigest: evidenceDigest(prompt, experiment),
      production,
      prodGeneration: tagOf.get(prompt.agentType)?.generation ?? 0,
      blocked: blockedBecause(prompt, experiment, production),
    };
  });
}

function evidenceDigest(prompt: PromptRecord, experiment: Experiment | null): string {
  return contentHash({
    contentHash: prompt.contentHash,
    experimentId: experiment?.id ?? null,
    baselinePromptId: experiment?.baselinePromptId ?? null,
    results: experiment?.results ?? null,
    verdict: experiment?.verdict ?? null,
  });
}

/** Evidence compares with one baseline: once prod is another prompt, it says nothing of the change at hand. */
function blockedBecause(
  prompt: PromptRecord,
  experiment: Experiment | null,
  production: PromptRecord | null,
): string | null {
  if (prompt.status !== "candidate") return `The prompt is ${prompt.status}, not a candidate.`;
  if (experiment === null) return "No finished confirmation stands behind this candidate.";
  const baseline = experiment.baselinePromptId;
  if (production !== null && baseline !== null && baseline !== production.id) {
    return `It was compared with another prompt than the present production prompt ${production.version}.`;
  }
  return null;
}
