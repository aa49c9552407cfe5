/** Certifications as work: asked for in a row, carried out by whichever process claims it. */

import { appendAudit } from "../audit/append-audit.ts";
import type { Clock } from "../clock.ts";
import { loadSuite } from "../db/benchmarks.ts";
import type { Database } from "../db/client.ts";
import {
  endCertification,
  queueCertification,
  renewCertification,
  requeueCertification,
} from "../db/judge-certifications.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Certification } from "../domain/judge.ts";
import { AppError } from "../errors.ts";
import type { ResolvedModel } from "../llm/models.ts";
import { certify } from "./certify.ts";
import { judgesOf } from "./judging.ts";

/** How long a certification stays with a process that says nothing more. */
export const certificationLeaseMs = 30_000;

/** Asks for a certification. Throws AppError("not-found") for no suite, AppError("invalid") where no model judges. */
export async function requestCertification(
  db: Database,
  { suite, costLimitUsd, actor }: { suite: string; costLimitUsd: number; actor: string },
): Promise<Certification> {
  const benchmarks = await loadSuite(db, suite);
  if (benchmarks.length === 0) throw new AppError("not-found", `There is no suite "${suite}".`);
  if (judgesOf(benchmarks).length === 0)
    throw new AppError(
      "invalid",
      `No model judges the suite "${suite}": there is nothing to certify.`,
    );
  return inTransaction(db, async (tx) => {
    const queued = await queueCertification(tx, { suite, costLimitUsd, requestedBy: actor });
    await appendAudit(tx, {
      actor,
      action: "suite.certify",
      subject: `suite:${suite}`,
      after: { certificationId: queued.id, costLimitUsd },
    });
    return queued;
  });
}

export interface CertificationContext {
  modelOf: (id: string) => ResolvedModel;
  clock: Clock;
  /** This process goes down: another one goes on. */
  signal: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/** Carries out a claimed certification to its end, and writes that. What a person can fix ends it as failed, and is thrown too. */
export async function carryOutCertification(
  db: Database,
  { certification, owner }: { certification: Certification; owner: string },
  { modelOf, clock, signal, onProgress }: CertificationContext,
): Promise<void> {
  const { id, suite, costLimitUsd } = certification;
  const lost = new AbortController();
  const keeper = setInterval(() => {
    renewCertification(db, { id, owner, leaseMs: certificationLeaseMs }).then(
      (held) => {
        if (!held) lost.abort(new AppError("conflict", "Another process has taken this over."));
      },
      // The database is away for a moment; the lease outlives a few missed renewals.
      () => undefined,
    );
  }, certificationLeaseMs / 3);
  keeper.unref();
  try {
    const result = await certify(db, {
      suite,
      limitUsd: costLimitUsd,
      modelOf,
      clock,
      signal: AbortSignal.any([signal, lost.signal]),
      ...(onProgress && { onProgress }),
    });
    await endCertification(db, { id, owner, now: clock.now() }, { result });
  } catch (error) {
    if (signal.aborted) await requeueCertification(db, { id, owner });
    else if (!lost.signal.aborted) {
      const failure = error instanceof Error ? error.message : String(error);
      await endCertification(db, { id, owner, now: clock.now() }, { failure });
    }
    throw error;
  } finally {
    clearInterval(keeper);
  }
}
