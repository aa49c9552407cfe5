import type { Executor } from "#lib/db/client.ts";
import { getTag, type Tag } from "#lib/db/tags.ts";
import { AppError } from "../errors.ts";

/** A tag with its generation as a strong entity tag, for the next If-Match. */
export function taggedResponse(tag: Tag): Response {
  return Response.json(tag, {
    headers: { etag: `"${tag.generation}"`, "cache-control": "no-store" },
  });
}

/**
 * The generation that If-Match names, when it is still so; the move itself compares again. Throws
 * AppError("precondition-failed") with the present one.
 */
export async function expectedGeneration(
  db: Executor,
  { agentType, tag }: { agentType: string; tag: string },
  ifMatch: string,
): Promise<number> {
  const generation = (await getTag(db, agentType, tag))?.generation ?? 0;
  if (ifMatch === String(generation)) return generation;
  throw new AppError(
    "precondition-failed",
    `The tag "${tag}" is at generation ${generation}, not at ${ifMatch}: look again before you decide.`,
    { details: { generation } },
  );
}
