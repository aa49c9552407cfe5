import { createHash } from "node:crypto";
import type { Executor } from "#lib/db/client.ts";
import { AppError } from "../errors.ts";
import { fitnessScores } from "./fitness.ts";
import { productionPrompt } from "./production.ts";
import { publicPrompt } from "./public-prompt.ts";

/** What a controller's fetch answers with, for any server to send. */
export interface ServedPrompt {
  status: 200 | 304;
  headers: Record<string, string>;
  /** JSON text; null where the caller has it already. */
  body: string | null;
}

/**
 * The prompt behind a tag, with a strong ETag of exactly what is sent. Throws AppError("not-found") with
 * details.reason `no-such-tag` when the agent type has no such tag.
 */
export async function servePrompt(
  db: Executor,
  request: { agentType: string; tag: string; ifNoneMatch: string | null },
): Promise<ServedPrompt> {
  const { agentType, tag, ifNoneMatch } = request;
  const tagged = await productionPrompt(db, agentType, tag);
  if (tagged === null) {
    throw new AppError("not-found", `The agent type "${agentType}" has no tag "${tag}".`, {
      details: { reason: "no-such-tag", agentType, tag },
    });
  }
  const { prompt, tagGeneration, movedAt } = tagged;
  const scores = await fitnessScores(db, [prompt.id]);
  const body = JSON.stringify({
    ...publicPrompt(prompt, scores.get(prompt.id) ?? null),
    tag: { name: tag, generation: tagGeneration, moved_at: movedAt.toISOString() },
  });
  const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  const headers = {
    etag,
    // A cache may keep it but asks before each use: an approval reaches controllers at once.
    "cache-control": "private, no-cache",
    "content-type": "application/json",
  };
  return matches(ifNoneMatch, etag)
    ? { status: 304, headers, body: null }
    : { status: 200, headers, body };
}

/** If-None-Match compares weakly (RFC 9110, 13.1.2): a proxy may have weakened the tag it was given. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.split(",").some((given) => given.trim().replace(/^W\//, "") === etag);
}
