import type { Database } from "../db/client.ts";
import { trialRole } from "./postgres-trial-store.ts";

/** Whether trials of this run are under way somewhere that may give back a part of what they set aside. */
export async function othersHoldMoney(db: Database, optimizationId: string): Promise<boolean> {
  const open = await db.budgetReservation.findFirst({
    where: { optimizationId, role: trialRole, state: "reserved", leaseUntil: { gt: new Date() } },
    select: { id: true },
  });
  return open !== null;
}
