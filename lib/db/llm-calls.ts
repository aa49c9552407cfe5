import { z } from "zod";
import type { Executor } from "./client.ts";
import { toJson } from "./json.ts";

export interface LlmCallRecord {
  callKey: string;
  optimizationId: string | null;
  role: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
  latencyMs: number;
  text: string;
  simulated: boolean;
}

const reply = z.object({ text: z.string() });

/** A kept reply with what it was billed in USD. */
export interface KeptReply {
  text: string;
  costUsd: number;
}

/** The kept reply of a call, or null when it was never made. */
export async function getLlmReply(db: Executor, callKey: string): Promise<KeptReply | null> {
  const select = { reply: true, costUsd: true };
  const row = await db.llmCall.findUnique({ where: { callKey }, select });
  if (row === null) return null;
  return { text: reply.parse(row.reply).text, costUsd: Number(row.costUsd) };
}

/** Keeps a reply under its call key; a second writer changes nothing. */
export async function insertLlmCall(db: Executor, { text, ...call }: LlmCallRecord): Promise<void> {
  await db.llmCall.createMany({
    data: [{ ...call, reply: toJson({ text }) }],
    skipDuplicates: true,
  });
}
