import type { Executor } from "./client.ts";
import { toJson } from "./json.ts";

/** What the outside can ask to be told of. */
export const outboxTopics = [
  "prompt.candidate",
  "prompt.approved",
  "prompt.rejected",
  "prompt.released",
  "tag.moved",
  "optimization.finished",
  "budget.exhausted",
] as const;
export type OutboxTopic = (typeof outboxTopics)[number];

/**
 * Writes an event in the transaction that makes it true; lib/webhooks passes it on. An event with `onceKey` is written
 * once: a second one of the same key changes nothing.
 */
export async function enqueue(
  db: Executor,
  topic: OutboxTopic,
  payload: Record<string, unknown>,
  { onceKey = null }: { onceKey?: string | null } = {},
): Promise<void> {
  const data = { topic, payload: toJson(payload), onceKey };
  await db.outbox.createMany({ data, skipDuplicates: true });
}
