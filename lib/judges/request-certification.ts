/** Asks for a certification in a row. The web does no more: what grades answers needs worker threads, which it has none of. */

import { appendAudit } from "../audit/append-audit.ts";
import { loadSuite } from "../db/benchmarks.ts";
import type { Database } from "../db/client.ts";
import { queueCertification } from "../db/judge-certifications.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Certification } from "../domain/judge.ts";
import { AppError } from "../errors.ts";
import { judgesOf } from "./judging.ts";

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
