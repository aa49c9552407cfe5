import { z } from "zod";
import type { Executor } from "./client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "./cursor.ts";
import { queryRow, queryRows, sql } from "./query.ts";

/** The tag that production fetches. */
export const prodTag = "prod";

export interface Tag {
  agentType: string;
  tag: string;
  promptId: string;
  /** Grows by one with each move. */
  generation: number;
  movedAt: Date;
}

/** One move of the ledger. */
export interface TagMove {
  agentType: string;
  tag: string;
  fromPromptId: string | null;
  toPromptId: string;
  generation: number;
  actor: string;
  reason: string;
  evidenceDigest: string | null;
  at: Date;
  /** The new holder came into production without proof. */
  unproven: boolean;
}

export async function getTag(db: Executor, agentType: string, tag: string): Promise<Tag | null> {
  return db.promptTag.findUnique({ where: { agentType_tag: { agentType, tag } } });
}

const tagKey = z.strictObject({ tag: z.string() });

/** The tags of one agent type, by name. */
export async function listTags(
  db: Executor,
  query: { agentType: string } & PageRequest,
): Promise<Page<Tag>> {
  const limit = pageLimit(query);
  const after = decodeCursor(tagKey, query.cursor);
  const rows = await db.promptTag.findMany({
    where: {
      agentType: query.agentType,
      ...(after === null ? {} : { tag: { gt: after.tag } }),
    },
    orderBy: { tag: "asc" },
    take: limit + 1,
  });
  return pageOf(rows, limit, { item: (row): Tag => row, key: ({ tag }) => ({ tag }) });
}

const moveKey = z.strictObject({ id: z.string().regex(/^\d{1,19}$/) });

/** Of these prompts, those that hold prod and came into production without proof. */
export async function unprovenHolders(
  db: Executor,
  promptIds: readonly string[],
): Promise<Set<string>> {
  if (promptIds.length === 0) return new Set();
  const rows = await queryRows(
    db,
    z.object({ id: z.uuid() }),
    sql`SELECT t.prompt_id AS id FROM prompt_tags t
        JOIN tag_moves m ON m.agent_type = t.agent_type AND m.tag = t.tag AND m.generation = t.generation
        WHERE t.tag = ${prodTag} AND m.unproven AND t.prompt_id = ANY(${[...promptIds]}::uuid[])`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** The ledger of one agent type, newest first. */
export async function listTagMoves(
  db: Executor,
  query: { agentType: string; tag?: string | undefined } & PageRequest,
): Promise<Page<TagMove>> {
  const limit = pageLimit(query);
  const after = decodeCursor(moveKey, query.cursor);
  const rows = await db.tagMove.findMany({
    where: {
      agentType: query.agentType,
      ...(query.tag === undefined ? {} : { tag: query.tag }),
      ...(after === null ? {} : { id: { lt: BigInt(after.id) } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit, {
    item: ({ id: _, ...move }) => move,
    key: (row) => ({ id: row.id.toString() }),
  });
}

export interface TagSwap {
  agentType: string;
  tag: string;
  promptId: string;
  /** The generation the caller saw; 0 when the tag did not exist. */
  expectedGeneration: number;
  actor: string;
  reason: string;
  evidenceDigest: string | null;
  /** True for a release without proof. A roll-back to such a prompt gets the mark from a trigger. */
  unproven: boolean;
}

const swapped = z.object({
  generation: z.int(),
  from_prompt_id: z.uuid().nullable(),
  unproven: z.boolean(),
});

/**
 * Compare-and-swap: one statement moves the tag and writes the ledger, or does neither because the tag is no longer at
 * the expected generation (null). A trigger tells listeners of the channel `genepool_tags`.
 */
export async function swapTag(
  db: Executor,
  swap: TagSwap,
): Promise<{ generation: number; fromPromptId: string | null; unproven: boolean } | null> {
  const move =
    swap.expectedGeneration === 0
      ? sql`INSERT INTO prompt_tags (agent_type, tag, prompt_id, generation)
            VALUES (${swap.agentType}, ${swap.tag}, ${swap.promptId}::uuid, 1)
            ON CONFLICT (agent_type, tag) DO NOTHING
            RETURNING agent_type, tag, prompt_id, generation`
      : sql`UPDATE prompt_tags
            SET prompt_id = ${swap.promptId}::uuid, generation = generation + 1, moved_at = now()
            WHERE agent_type = ${swap.agentType} AND tag = ${swap.tag}
              AND generation = ${swap.expectedGeneration}
            RETURNING agent_type, tag, prompt_id, generation`;
  const row = await queryRow(
    db,
    swapped,
    sql`WITH moved AS (${move})
        INSERT INTO tag_moves
          (agent_type, tag, from_prompt_id, to_prompt_id, generation, actor, reason, evidence_digest,
           unproven)
        SELECT m.agent_type, m.tag,
          (SELECT former.to_prompt_id FROM tag_moves former
           WHERE former.agent_type = m.agent_type AND former.tag = m.tag
             AND former.generation = m.generation - 1),
          m.prompt_id, m.generation, ${swap.actor}, ${swap.reason}, ${swap.evidenceDigest},
          ${swap.unproven}
        FROM moved m
        RETURNING generation, from_prompt_id, unproven`,
  );
  if (row === null) return null;
  const { generation, from_prompt_id: fromPromptId, unproven } = row;
  return { generation, fromPromptId, unproven };
}
