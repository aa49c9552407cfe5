import { z } from "zod";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "#lib/db/cursor.ts";
import { moment } from "#lib/domain/moment.ts";
import type { Executor } from "../db/client.ts";

/** One line of the trail: who did what to what, and how it stood before and after. */
export interface AuditEvent {
  /** Grows with time. */
  id: string;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
}

const text = z.string().regex(/^[ -~]{1,300}$/);
/** `from` is part of the span, `to` is not. */
export const auditFilter = z.strictObject({
  actor: text.optional(),
  /** As `user.create`; `user.` stands for every action on users. */
  action: text.optional(),
  /** As `user:anna`; `user:` stands for every user. */
  subject: text.optional(),
  from: moment.optional(),
  to: moment.optional(),
});
export type AuditFilter = z.infer<typeof auditFilter>;

const newestKey = z.strictObject({ id: z.string().regex(/^\d{1,18}$/) });

/** The audit trail, newest first. */
export async function listAudit(
  db: Executor,
  query: AuditFilter & PageRequest = {},
): Promise<Page<AuditEvent>> {
  const limit = pageLimit(query);
  const after = decodeCursor(newestKey, query.cursor);
  const rows = await db.auditEvent.findMany({
    where: {
      ...(query.actor === undefined ? {} : { actor: query.actor }),
      ...(query.action === undefined ? {} : { action: exactOrKind(query.action, ".") }),
      ...(query.subject === undefined ? {} : { subject: exactOrKind(query.subject, ":") }),
      at: { ...(query.from && { gte: query.from }), ...(query.to && { lt: query.to }) },
      ...(after === null ? {} : { id: { lt: BigInt(after.id) } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit, {
    item: ({ id, ...event }) => ({ ...event, id: String(id) }),
    key: ({ id }) => ({ id: String(id) }),
  });
}

function exactOrKind(given: string, end: string): { startsWith: string } | { equals: string } {
  return given.endsWith(end) ? { startsWith: given } : { equals: given };
}
