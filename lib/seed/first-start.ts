import { runTraffic } from "#workbench/traffic.ts";
import type { Database } from "../db/client.ts";
import type { TrialPool } from "../harness/pool.ts";
import { createUser, listUsers } from "../users/users.ts";
import { trafficPorts } from "./traffic-ports.ts";
import { seedWorkbench } from "./workbench-agents.ts";

export interface FirstStart {
  /** The first administrator and the password that is shown once; null when there are users already. */
  administrator: { name: string; password: string } | null;
  /** Production runs written as history. */
  historyRuns: number;
}

const historyTraces = 600;
const historyDays = 14;
const historySeed = 20_261;
const dayMs = 86_400_000;

/** Agents, suite, a history of production runs and the first administrator; doing it again changes nothing. */
export async function seedFirstStart(
  db: Database,
  pool: TrialPool,
  options: { now: Date; history: boolean; concurrency: number },
): Promise<FirstStart> {
  await seedWorkbench(db);
  const historyRuns = options.history ? await seedHistory(db, pool, options) : 0;
  const { items } = await listUsers(db);
  if (items.length > 0) return { administrator: null, historyRuns };
  const { user, password } = await createUser(
    db,
    { name: "admin", role: "admin", displayName: "Administrator" },
    "first start",
  );
  return { administrator: { name: user.name, password }, historyRuns };
}

/** Two weeks of runs; skipped once the journal holds anything. */
async function seedHistory(
  db: Database,
  pool: TrialPool,
  { now, concurrency }: { now: Date; concurrency: number },
): Promise<number> {
  if ((await db.journalRun.findFirst({ select: { runId: true } })) !== null) return 0;
  const ports = await trafficPorts(db, pool, { source: "seed", model: null });
  const spanMs = historyDays * dayMs;
  // Denser towards today: the last days are what people look at.
  const ageOf = (index: number) => spanMs * (1 - (index + 0.5) / historyTraces) ** 2;
  const timeOf = (index: number) => new Date(now.getTime() - ageOf(index));
  await runTraffic(ports, { seed: historySeed, from: 0, to: historyTraces, concurrency, timeOf });
  return historyTraces;
}
