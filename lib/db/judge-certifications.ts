import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  type Certification,
  type CertificationResult,
  certificationResult,
  certificationStates,
} from "#lib/domain/judge.ts";
import type { Executor } from "./client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "./cursor.ts";
import type { Prisma } from "./generated/client.ts";
import { toJson } from "./json.ts";
import { execute, parseStored, queryRow, sql } from "./query.ts";

const state = z.enum(certificationStates);
const certificationKey = z.strictObject({ createdAt: z.iso.datetime(), id: z.uuid() });

/** Writes that a suite's judges are to be compared with people. */
export async function queueCertification(
  tx: Executor,
  input: { suite: string; costLimitUsd: number; requestedBy: string },
): Promise<Certification> {
  const row = await tx.judgeCertification.create({
    data: { id: randomUUID(), state: "queued", ...input },
  });
  return fromRow(row);
}

export async function getCertification(db: Executor, id: string): Promise<Certification | null> {
  const row = await db.judgeCertification.findUnique({ where: { id } });
  return row === null ? null : fromRow(row);
}

/** The newest certification of a suite that came to figures, or null. */
export async function newestCertification(
  db: Executor,
  suite: string,
): Promise<Certification | null> {
  const row = await db.judgeCertification.findFirst({
    where: { suite, state: "finished" },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  return row === null ? null : fromRow(row);
}

/** The certifications of a suite, newest first. */
export async function listCertifications(
  db: Executor,
  query: { suite: string } & PageRequest,
): Promise<Page<Certification>> {
  const limit = pageLimit(query);
  const after = decodeCursor(certificationKey, query.cursor);
  const rows = await db.judgeCertification.findMany({
    where: {
      suite: query.suite,
      ...(after === null
        ? {}
        : {
            OR: [
              { createdAt: { lt: after.createdAt } },
              { createdAt: after.createdAt, id: { lt: after.id } },
            ],
          }),
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  return pageOf(rows, limit, {
    item: fromRow,
    key: ({ createdAt, id }) => ({ createdAt: createdAt.toISOString(), id }),
  });
}

/** Takes a queued certification, or one whose process died, or the one with this id; null where there is none to take. */
export async function claimCertification(
  db: Executor,
  { owner, leaseMs, id = null }: { owner: string; leaseMs: number; id?: string | null },
): Promise<Certification | null> {
  const claimed = await queryRow(
    db,
    z.object({ id: z.uuid() }),
    sql`UPDATE judge_certifications SET state = 'running', lease_owner = ${owner}::text,
          lease_until = now() + ${leaseMs}::float8 * interval '1 millisecond'
        WHERE id = (
          SELECT id FROM judge_certifications
          WHERE (state = 'queued' OR (state = 'running' AND lease_until < now()))
            AND (${id}::uuid IS NULL OR id = ${id}::uuid)
          ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id`,
  );
  return claimed === null ? null : getCertification(db, claimed.id);
}

/** Extends the lease; false when another process has taken the certification over. */
export async function renewCertification(
  db: Executor,
  { id, owner, leaseMs }: { id: string; owner: string; leaseMs: number },
): Promise<boolean> {
  const renewed = await execute(
    db,
    sql`UPDATE judge_certifications SET lease_until = now() + ${leaseMs}::float8 * interval '1 millisecond'
        WHERE id = ${id}::uuid AND state = 'running' AND lease_owner = ${owner}::text`,
  );
  return renewed === 1;
}

/** Gives a certification back, so that the next process goes on with it. */
export async function requeueCertification(
  db: Executor,
  { id, owner }: { id: string; owner: string },
): Promise<void> {
  await execute(
    db,
    sql`UPDATE judge_certifications SET state = 'queued', lease_owner = NULL, lease_until = NULL
        WHERE id = ${id}::uuid AND state = 'running' AND lease_owner = ${owner}::text`,
  );
}

/** Writes the end of a certification that this owner still holds. */
export async function endCertification(
  db: Executor,
  { id, owner, now }: { id: string; owner: string; now: Date },
  end: { result: CertificationResult } | { failure: string },
): Promise<void> {
  const outcome =
    "result" in end
      ? { state: "finished", result: toJson(end.result) }
      : { state: "failed", failure: end.failure };
  await db.judgeCertification.updateMany({
    where: { id, state: "running", leaseOwner: owner },
    data: { ...outcome, finishedAt: now, leaseOwner: null, leaseUntil: null },
  });
}

function fromRow(row: Prisma.JudgeCertificationModel): Certification {
  const { id, suite, requestedBy, createdAt, finishedAt, failure } = row;
  return {
    id,
    suite,
    state: parseStored(state, row.state, "a certification's state"),
    costLimitUsd: Number(row.costLimitUsd),
    requestedBy,
    createdAt,
    finishedAt,
    failure,
    result:
      row.result === null
        ? null
        : parseStored(certificationResult, row.result, "a certification's result"),
  };
}
