import { createHash } from "node:crypto";
import { getAgentType } from "#lib/db/agent-types.ts";
import type { Database, Executor } from "#lib/db/client.ts";
import { getPromptByVersion } from "#lib/db/prompts.ts";
import { fitnessScores } from "./fitness.ts";
import { productionPrompt } from "./production.ts";
import { type PublicPrompt, publicPrompt } from "./public-prompt.ts";

/** An answer to a controller, ready to be sent. */
export interface ServedPrompt {
  /** JSON text. */
  body: string;
  /** Strong: a digest of exactly the body. */
  etag: string;
  /** Bytes of the body. */
  size: number;
  /** The tag's generation; null for a pinned version. */
  generation: number | null;
}

/** Why there is nothing to serve; for programs. */
export type MissingReason = "no-such-agent" | "no-such-tag" | "no-such-version";

/** What may still change about a prompt belongs in no answer that is kept for a year. */
export type PinnedPrompt = Omit<
  PublicPrompt,
  "tags" | "unproven" | "status" | "fitness_score" | "fitness_simulated"
>;

/** The prompt behind a tag, read at one moment: its tag, status and figures belong together. */
export function loadTagged(
  db: Database,
  agentType: string,
  tag: string,
): Promise<ServedPrompt | MissingReason> {
  return db.$transaction(
    async (tx) => {
      const tagged = await productionPrompt(tx, agentType, tag);
      if (tagged === null) return missing(tx, agentType, "no-such-tag");
      const { prompt, tagGeneration, movedAt } = tagged;
      const scores = await fitnessScores(tx, [prompt.id]);
      const held = { name: tag, generation: tagGeneration, moved_at: movedAt.toISOString() };
      const shown = publicPrompt(prompt, scores.get(prompt.id) ?? null);
      return served({ ...shown, tag: held }, tagGeneration);
    },
    { isolationLevel: "RepeatableRead" },
  );
}

/** One version, without what may still change about it. */
export async function loadPinned(
  db: Executor,
  agentType: string,
  version: string,
): Promise<ServedPrompt | MissingReason> {
  const prompt = await getPromptByVersion(db, agentType, version);
  if (prompt === null) return missing(db, agentType, "no-such-version");
  const {
    tags: _tags,
    unproven: _unproven,
    status: _status,
    fitness_score: _score,
    fitness_simulated: _simulated,
    ...fixed
  } = publicPrompt(prompt, null);
  return served(fixed satisfies PinnedPrompt, null);
}

async function missing(
  db: Executor,
  agentType: string,
  reason: MissingReason,
): Promise<MissingReason> {
  return (await getAgentType(db, agentType)) === null ? "no-such-agent" : reason;
}

function served(content: object, generation: number | null): ServedPrompt {
  const body = JSON.stringify(content);
  const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  return { body, etag, size: Buffer.byteLength(body), generation };
}
