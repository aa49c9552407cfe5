import type { Executor } from "./client.ts";
import { toJson } from "./json.ts";

/** What the outside is told of; delivered at least once by the optimizer process. */
export type OutboxTopic = "prompt.approved" | "prompt.rejected" | "tag.moved";

/** Writes an event in the transaction that makes it true. */
export async function enqueue(
  db: Executor,
  topic: OutboxTopic,
  payload: Record<string, unknown>,
): Promise<void> {
  await db.outbox.create({ data: { topic, payload: toJson(payload) } });
}
