import { setMaxListeners } from "node:events";
import type { Database } from "#lib/db/client.ts";
import { releaseLease, renewLease } from "#lib/db/optimizations.ts";

/** How long a run stays with a process that says nothing more; then another one takes it up. */
export const leaseMs = 30_000;

export interface HeldLease {
  /** Aborts when another process has taken the run over: this one must stop at once. */
  lost: AbortSignal;
  /** Stops renewing and, with `giveBack`, lets the next process take the run at once. */
  end(options: { giveBack: boolean }): Promise<void>;
}

/** Renews the lease of a claimed optimization until it is ended. */
export function holdLease(db: Database, optimizationId: string, owner: string): HeldLease {
  const lost = new AbortController();
  // As many listen as trials run at once: what looks like a leak to Node is none.
  setMaxListeners(0, lost.signal);
  const keeper = setInterval(() => {
    renewLease(db, optimizationId, owner, leaseMs).then(
      (held) => {
        if (!held) lost.abort(new Error("another process has taken this run over"));
      },
      // The database is away for a moment; the lease outlives a few missed renewals.
      () => undefined,
    );
  }, leaseMs / 3);
  keeper.unref();
  return {
    lost: lost.signal,
    end: async ({ giveBack }) => {
      clearInterval(keeper);
      if (giveBack) await releaseLease(db, optimizationId, owner);
    },
  };
}
