import type { Executor } from "../db/client.ts";
import { toNullableJson } from "../db/json.ts";

export interface AuditEntry {
  /** Who did it: a user's name, a key's name, or a process. */
  actor: string;
  /** What was done, as `subject.verb`. */
  action: string;
  /** What it was done to, as `kind:id`. */
  subject: string;
  before?: unknown;
  after?: unknown;
}

/** Writes one line of the append-only audit trail, in the caller's transaction. Never holds secrets. */
export async function appendAudit(db: Executor, entry: AuditEntry): Promise<void> {
  await db.auditEvent.create({
    data: {
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
      before: toNullableJson(entry.before),
      after: toNullableJson(entry.after),
    },
  });
}
