/** What `npm start` does on a first start: settings from the environment, agents, history, the first administrator. */
import { availableParallelism } from "node:os";
import { createDatabase } from "#lib/db/client.ts";
import type { Env } from "#lib/env.ts";
import { createTrialPool } from "#lib/harness/pool.ts";
import { type FirstStart, seedFirstStart } from "#lib/seed/first-start.ts";
import { applyEnvironmentSettings } from "#lib/settings/environment.ts";

export async function seedDatabase(options: { url: string; env: Env }): Promise<FirstStart> {
  const { url, env } = options;
  const { db, close } = createDatabase({ url, poolMax: 8, applicationName: "genepool seed" });
  const threads = env.GENEPOOL_THREADS ?? availableParallelism();
  const pool = createTrialPool({ models: { keys: {} }, threads });
  try {
    await applyEnvironmentSettings(db, env);
    return await seedFirstStart(db, pool, {
      now: new Date(),
      history: env.GENEPOOL_TRAFFIC === "on",
      concurrency: threads * 2,
    });
  } finally {
    await pool.close();
    await close();
  }
}
