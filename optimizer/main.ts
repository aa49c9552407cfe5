/** Entry of the optimizer process: reads the environment, wires, runs until a signal. No logic. */
import { systemClock } from "#lib/clock.ts";
import { createDatabase } from "#lib/db/client.ts";
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { executorsFromEnv } from "#lib/executors/from-env.ts";
import { modelOptions } from "#lib/llm/options-from-env.ts";
import { createLogger } from "#lib/log.ts";
import { trafficPorts } from "#lib/seed/traffic-ports.ts";
import { getSettings } from "#lib/settings/settings.ts";
import { lazyTemporal } from "#lib/temporal/connection.ts";
import { providerRates } from "#lib/temporal/provider-rates.ts";
import { temporalSettings } from "#lib/temporal/settings.ts";
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
const ending = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => ending.abort());

const model = settings.GENEPOOL_MODEL ?? null;
const configured = temporalSettings(settings);
const ratedProviders = new Set(providerRates(settings.GENEPOOL_WORKER_PROVIDER_RATES).keys());
const temporal = configured === null ? null : lazyTemporal(configured);
const { pool, executors } = await executorsFromEnv(settings, {
  db,
  models,
  client: temporal?.client ?? null,
});
log.info({ model, temporal: configured?.address ?? null }, "optimizer started");
await Promise.all([
  runService({
    run: {
      db,
      pool,
      executors,
      models,
      clock: systemClock,
      temporal:
        temporal === null ? null : { client: temporal.client, queuePrefix: "", ratedProviders },
    },
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
await temporal?.close();
await close();
log.info("optimizer stopped");
process.exit(0);
