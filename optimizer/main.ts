/** Entry of the optimizer process: reads the environment, wires, runs until a signal. No logic. */
import { readFile } from "node:fs/promises";
import { systemClock } from "#lib/clock.ts";
import { createDatabase } from "#lib/db/client.ts";
import { createExecutorCallbacks } from "#lib/db/executor-callbacks.ts";
import { type Env, env, operatorVariables } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { createRoster } from "#lib/executors/roster.ts";
import { readExecutors } from "#lib/executors/settings.ts";
import { createTrialPool } from "#lib/harness/pool.ts";
import type { ModelOptions } from "#lib/llm/models.ts";
import { parsePriceTable } from "#lib/llm/prices.ts";
import { createLogger } from "#lib/log.ts";
import { trafficPorts } from "#lib/seed/traffic-ports.ts";
import { getSettings } from "#lib/settings/settings.ts";
import { runService } from "./service.ts";
import { runDemoTraffic } from "./traffic-loop.ts";

const settings = env();
const log = createLogger({ level: settings.GENEPOOL_LOG_LEVEL, name: "optimizer" });
if (settings.DATABASE_URL === undefined)
  throw new AppError("invalid", "The optimizer needs DATABASE_URL; npm start sets it.");
const { db, close } = createDatabase({
  url: settings.DATABASE_URL,
  poolMax: 16,
  applicationName: "genepool optimizer",
  onConnectionLost: (error) => log.warn({ err: error }, "a database connection was lost"),
});
const models = await modelOptions(settings);
const pool = createTrialPool({
  models,
  ...(settings.GENEPOOL_THREADS === undefined ? {} : { threads: settings.GENEPOOL_THREADS }),
});
const executors = createRoster({
  pool,
  settings: await readExecutors(settings.GENEPOOL_EXECUTORS_FILE),
  prices: models.prices ?? {},
  variables: operatorVariables(),
  callbacks: createExecutorCallbacks(db),
});
const ending = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => ending.abort());

const model = settings.GENEPOOL_MODEL ?? null;
log.info({ model }, "optimizer started");
await Promise.all([
  runService({
    run: { db, pool, executors, models, clock: systemClock },
    log,
    automation: async () => settings.GENEPOOL_AUTOMATION ?? (await getSettings(db)).automation,
    signal: ending.signal,
    model,
    allowPrivateWebhooks: settings.GENEPOOL_WEBHOOKS_ALLOW_PRIVATE === "on",
  }),
  runDemoTraffic({
    ports: () => trafficPorts(db, pool, { source: "traffic", model }),
    isOn: async () => settings.GENEPOOL_TRAFFIC === "on" && (await getSettings(db)).traffic,
    clock: systemClock,
    log,
    signal: ending.signal,
  }),
]);
await pool.close();
await close();
log.info("optimizer stopped");
process.exit(0);

async function modelOptions(values: Env): Promise<ModelOptions> {
  const prices =
    values.GENEPOOL_PRICES_FILE === undefined
      ? {}
      : parsePriceTable(await readFile(values.GENEPOOL_PRICES_FILE, "utf8"));
  const url = values.OPENAI_COMPATIBLE_URL;
  return {
    keys: {
      openai: values.OPENAI_API_KEY,
      anthropic: values.ANTHROPIC_API_KEY,
      google: values.GOOGLE_GENERATIVE_AI_API_KEY,
      compatible: url === undefined ? undefined : { url, apiKey: values.OPENAI_COMPATIBLE_API_KEY },
    },
    prices,
  };
}
