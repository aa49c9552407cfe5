import { z } from "zod";
import type { JudgeLabel } from "#lib/domain/judge.ts";
import type { Executor } from "./client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "./cursor.ts";
import type { Prisma } from "./generated/client.ts";

export type NewJudgeLabel = Omit<JudgeLabel, "id" | "at" | "externalId">;

const labelKey = z.strictObject({ id: z.string().regex(/^\d{1,19}$/) });
const named = { include: { benchmark: { select: { externalId: true } } } } as const;
const batchSize = 500;

/** The labels of a suite in the order in which they were given. */
export async function listJudgeLabels(
  db: Executor,
  query: { suite: string } & PageRequest,
): Promise<Page<JudgeLabel>> {
  const limit = pageLimit(query);
  const after = decodeCursor(labelKey, query.cursor);
  const rows = await db.judgeLabel.findMany({
    where: { suite: query.suite, ...(after === null ? {} : { id: { gt: BigInt(after.id) } }) },
    orderBy: { id: "asc" },
    take: limit + 1,
    ...named,
  });
  return pageOf(rows, limit, { item: fromRow, key: ({ id }) => ({ id: String(id) }) });
}

/** All labels of a suite in the order in which they were given. */
export async function loadJudgeLabels(db: Executor, suite: string): Promise<JudgeLabel[]> {
  const rows = await db.judgeLabel.findMany({ where: { suite }, orderBy: { id: "asc" }, ...named });
  return rows.map(fromRow);
}

/** Appends labels in their order. */
export async function insertJudgeLabels(
  tx: Executor,
  labels: readonly NewJudgeLabel[],
): Promise<void> {
  for (let from = 0; from < labels.length; from += batchSize) {
    await tx.judgeLabel.createMany({ data: labels.slice(from, from + batchSize) });
  }
}

function fromRow({ benchmark, id, ...row }: Prisma.JudgeLabelGetPayload<typeof named>): JudgeLabel {
  return { ...row, id: String(id), externalId: benchmark.externalId };
}
