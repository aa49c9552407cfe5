/** Certifications as work: carried out by whichever process claims them. request-certification.ts asks for them. */

import type { Clock } from "../clock.ts";
import type { Database } from "../db/client.ts";
import {
  endCertification,
  renewCertification,
  requeueCertification,
} from "../db/judge-certifications.ts";
import type { Certification } from "../domain/judge.ts";
import { AppError } from "../errors.ts";
import type { ResolvedModel } from "../llm/models.ts";
import { certify } from "./certify.ts";

/** How long a certification stays with a process that says nothing more. */
export const certificationLeaseMs = 30_000;

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
      // The database is unavailable for a moment; the lease outlives a few missed renewals.
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
