/** A process of its own that takes one optimization up and carries it out: what the kill test kills. */
import { systemClock } from "#lib/clock.ts";
import { createDatabase } from "#lib/db/client.ts";
import { claimOptimization } from "#lib/db/optimizations.ts";
import { createTrialPool } from "#lib/harness/pool.ts";
import { carryOut } from "../stored-run.ts";

const [url, id] = process.argv.slice(2);
if (url === undefined || id === undefined) throw new Error("usage: carry-out-child URL ID");
const { db, close } = createDatabase({ url, poolMax: 6 });
const models = { keys: {} };
const pool = createTrialPool({ models, threads: 1 });
const claimed = await claimOptimization(db, { owner: `child-${process.pid}`, leaseMs: 1, id });
process.stdout.write(claimed === null ? "nothing to do\n" : "claimed\n");
if (claimed !== null) await carryOut(claimed, { db, pool, models, clock: systemClock });
process.stdout.write("done\n");
await pool.close();
await close();
process.exit(0);
