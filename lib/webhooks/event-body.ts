import { createTwoFilesPatch } from "diff";
import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { getPrompt, type PromptRecord } from "#lib/db/prompts.ts";
import { diffSettings, type SettingsDiff } from "../registry/diff-prompts.ts";

/** An event as the outbox holds it. */
export interface StoredEvent {
  topic: string;
  createdAt: Date;
  payload: unknown;
}

/** What a moved tag changes for those who follow it. */
export interface TagDiff extends SettingsDiff {
  /** Unified diff of the texts with three lines around each change; null when too much differs to say it line by line. */
  content: string | null;
}

const move = z.looseObject({ promptId: z.string(), fromPromptId: z.string().nullable() });
const payload = z.record(z.string(), z.unknown());
/** Bounds the work of a diff, which grows with the square of what differs. */
const editLengthMax = 1_000;

/**
 * What is sent: type, moment and data, as Standard Webhooks has it. The prompts of a moved tag are read here and not in
 * the transaction of the move, which holds locks; they never change.
 */
export async function eventBody(db: Executor, event: StoredEvent): Promise<string> {
  const data = payload.parse(event.payload);
  const moved = event.topic === "tag.moved" ? move.safeParse(data) : null;
  return JSON.stringify({
    type: event.topic,
    timestamp: event.createdAt.toISOString(),
    data: moved?.success ? { ...data, ...(await changeOf(db, moved.data)) } : data,
  });
}

async function changeOf(db: Executor, { promptId, fromPromptId }: z.infer<typeof move>) {
  const after = await getPrompt(db, promptId);
  const before = fromPromptId === null ? null : await getPrompt(db, fromPromptId);
  return {
    version: after?.version ?? null,
    fromVersion: before?.version ?? null,
    diff: before === null || after === null ? null : diffOf(before, after),
  };
}

function diffOf(before: PromptRecord, after: PromptRecord): TagDiff {
  const patch = createTwoFilesPatch(
    before.version,
    after.version,
    before.content,
    after.content,
    undefined,
    undefined,
    { context: 3, maxEditLength: editLengthMax },
  );
  return { content: patch ?? null, ...diffSettings(before, after) };
}
