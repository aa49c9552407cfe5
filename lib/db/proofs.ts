import { alphaOfTest } from "../stats/online-fallback.ts";
import type { Database, Executor } from "./client.ts";
import { sql } from "./query.ts";
import { inTransaction } from "./transaction.ts";

/** An entry of the ledger of proofs. */
export interface ProofEntry {
  optimizationId: string;
  ordinal: number;
  alpha: number;
  closedAt: Date | null;
  claimed: boolean | null;
  groupHashes: string[];
}

export interface ProofLedger {
  incumbentId: string;
  suite: string;
}

/** Entries against one incumbent on one suite, in their order. */
export async function listProofs(
  db: Executor,
  { incumbentId, suite }: ProofLedger,
): Promise<ProofEntry[]> {
  return db.proof.findMany({
    where: { incumbentId, suite },
    select: {
      optimizationId: true,
      ordinal: true,
      alpha: true,
      closedAt: true,
      claimed: true,
      groupHashes: true,
    },
    orderBy: { ordinal: "asc" },
  });
}

/**
 * Enters a proof of an optimization into the ledger and answers its entry with those before it; the second time it
 * answers the entry that is there. An earlier proof that never closed counts as one that claimed nothing.
 */
export async function openProof(
  db: Database,
  { optimizationId, incumbentId, suite }: ProofLedger & { optimizationId: string },
): Promise<{ entry: ProofEntry; before: ProofEntry[] }> {
  return inTransaction(db, async (tx) => {
    // Two proofs against one incumbent take their places one after the other.
    await tx.$executeRaw(
      sql`SELECT pg_advisory_xact_lock(hashtextextended(${`proofs ${incumbentId} ${suite}`}, 0))`,
    );
    const entries = await listProofs(tx, { incumbentId, suite });
    const known = entries.find((entry) => entry.optimizationId === optimizationId);
    const before = entries.filter(({ ordinal }) => ordinal < (known?.ordinal ?? Infinity));
    if (known !== undefined) return { entry: known, before };
    const history = before.map(({ alpha, claimed }) => ({ alpha, rejected: claimed === true }));
    const entry = {
      optimizationId,
      ordinal: before.length + 1,
      alpha: alphaOfTest(history),
    };
    await tx.proof.create({ data: { ...entry, incumbentId, suite } });
    return { entry: { ...entry, closedAt: null, claimed: null, groupHashes: [] }, before };
  });
}

/** Closes the entry of an optimization; one that is closed stays as it is. */
export async function closeProof(
  db: Executor,
  optimizationId: string,
  { groups, claimed }: { groups: readonly string[]; claimed: boolean },
): Promise<void> {
  await db.proof.updateMany({
    where: { optimizationId, closedAt: null },
    data: { closedAt: new Date(), claimed, groupHashes: [...groups] },
  });
}
