/**
 * A process of its own that reserves and books money, many jobs at once, until it is killed: what the chaos test kills.
 * Prints `call <cost>` before a job's cost is booked, as a provider would bill it, and `done` when no money is left.
 */
import { createDatabase } from "#lib/db/client.ts";
import { draw } from "#lib/random.ts";
import { release, settle } from "../close.ts";
import { reserve } from "../reserve.ts";

const [url, day, optimizationId, name] = process.argv.slice(2);
if (url === undefined || day === undefined || optimizationId === undefined || name === undefined)
  throw new Error("usage: spend-child URL DAY OPTIMIZATION NAME");
const { db } = createDatabase({ url, poolMax: 16 });
const jobsAtOnce = 16;
const refusalsMax = 20;

async function work(worker: number): Promise<void> {
  const draws = draw(name ?? "", "spend", worker);
  for (let job = 0, refused = 0; refused < refusalsMax; job++) {
    const amount = draws.int(4_000) / 1_000;
    const reserved = await reserve(db, {
      day: day ?? "",
      optimizationId: draws.chance(0.5) ? (optimizationId ?? null) : null,
      workKey: `${name}/${worker}/${job}`,
      role: "task",
      amountUsd: amount,
      billable: true,
      leaseMs: 3_600_000,
    });
    if (!reserved.ok) {
      refused++;
      continue;
    }
    const { reservationId } = reserved;
    // A fifth of the calls fail before anything is billed.
    if (draws.chance(0.2)) await release(db, reservationId);
    else {
      const actualUsd = Math.round(amount * draws.next() * 1_000) / 1_000;
      process.stdout.write(`call ${reservationId} ${actualUsd}\n`);
      await settle(db, { reservationId, actualUsd });
    }
  }
}

await Promise.all(Array.from({ length: jobsAtOnce }, (_, worker) => work(worker)));
process.stdout.write("done\n");
process.exit(0);
