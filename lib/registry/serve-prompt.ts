import { AppError } from "../errors.ts";
import type { PinnedPrompts } from "./pinned-prompts.ts";
import type { PromptSnapshot } from "./prompt-snapshot.ts";
import type { MissingReason, ServedPrompt } from "./served-prompt.ts";

/** Which prompt of an agent type: the one behind a tag, or one version for good. */
export type PromptSelector = { tag: string } | { version: string };

/** Where the answers come from; see createControllerPath. */
export interface PromptSources {
  tags: Pick<PromptSnapshot, "read">;
  pinned: Pick<PinnedPrompts, "read">;
}

/**
 * Asked for again before each use, so that an approval reaches controllers at once: `no-cache` keeps the body for a 304.
 * For a day a cache may answer with it when this server fails: an old prompt is better for a controller than none.
 * Private, because who may see it depends on the key.
 */
const tagCaching = "private, no-cache, stale-if-error=86400";
/** A version never changes. */
const pinnedCaching = "private, max-age=31536000, immutable";

const sentences: Readonly<Record<MissingReason, (agentType: string, name: string) => string>> = {
  "no-such-agent": (agentType) => `There is no agent type "${agentType}".`,
  "no-such-tag": (agentType, tag) => `The agent type "${agentType}" has no tag "${tag}".`,
  "no-such-version": (agentType, version) =>
    `The agent type "${agentType}" has no version ${version}.`,
};

/**
 * The answer to a controller: 200 with a strong ETag of exactly what is sent, or 304 where the caller has it. Throws
 * AppError("not-found") with details.reason, never another tag's prompt; AppError("unavailable") without a database when
 * memory does not know it or is too old.
 */
export async function servePrompt(
  sources: PromptSources,
  agentType: string,
  selector: PromptSelector,
  ifNoneMatch: string | null,
): Promise<Response> {
  if ("version" in selector) {
    const found = await sources.pinned.read(agentType, selector.version);
    if (typeof found === "string") throw notFound(found, agentType, selector.version);
    return respond(found, ifNoneMatch, { "cache-control": pinnedCaching });
  }
  const reading = sources.tags.read(agentType, selector.tag);
  // What memory knows costs no turn of the event loop.
  const read = reading instanceof Promise ? await reading : reading;
  if ("missing" in read) throw notFound(read.missing, agentType, selector.tag);
  const { prompt, staleMs } = read;
  return respond(prompt, ifNoneMatch, {
    "cache-control": tagCaching,
    "x-genepool-tag-generation": String(prompt.generation),
    ...(staleMs === null ? {} : { "x-genepool-stale": String(Math.ceil(staleMs / 1_000)) }),
  });
}

function respond(
  { body, etag }: ServedPrompt,
  ifNoneMatch: string | null,
  headers: Record<string, string>,
): Response {
  if (matches(ifNoneMatch, etag))
    return new Response(null, { status: 304, headers: { etag, ...headers } });
  return new Response(body, { headers: { etag, "content-type": "application/json", ...headers } });
}

/** If-None-Match compares weakly (RFC 9110, 13.1.2): a proxy may have weakened the tag it was given. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  if (ifNoneMatch === etag || ifNoneMatch.trim() === "*") return true;
  // Our tags hold no commas, so that a list may be divided at them.
  return ifNoneMatch.split(",").some((given) => given.trim().replace(/^W\//, "") === etag);
}

function notFound(reason: MissingReason, agentType: string, name: string): AppError {
  const selected = reason === "no-such-version" ? { version: name } : { tag: name };
  return new AppError("not-found", sentences[reason](agentType, name), {
    details: { reason, agentType, ...selected },
  });
}
