/** A worker of the product's own kind for tests, on queues of its own. */
import { randomUUID } from "node:crypto";
import path from "node:path";
import { DefaultLogger, Runtime } from "@temporalio/worker";
import type { CodecKeys } from "#lib/temporal/codec-keys.ts";
import { connectTemporal } from "#lib/temporal/connection.ts";
import { workflowQueue } from "#lib/temporal/queues.ts";
import type { TemporalSettings } from "#lib/temporal/settings.ts";
import { ensureWorkflowBundle } from "../bundle.ts";
import { type RunningWorker, startWorker } from "../worker.ts";

export const projectRoot = path.join(import.meta.dirname, "../..");

let quiet = false;

/** The SDK's own lines (a worker started, a task failed as the test wants) would fill the report. */
export function quietRuntime(): void {
  if (quiet) return;
  quiet = true;
  Runtime.install({
    logger: new DefaultLogger("ERROR", () => undefined),
    telemetryOptions: { logging: { filter: { core: "ERROR" }, forward: {} } },
    shutdownSignals: [],
  });
}

/** Connection settings of a test's server: clear text on this machine. */
export function testSettings(
  server: { address: string; namespace: string },
  codecKeys: CodecKeys | null = null,
): TemporalSettings {
  return { ...server, tls: false, apiKey: undefined, codecKeys };
}

/** A client and a worker on queues with a prefix of their own; `close` ends both. */
export async function startTestWorker(options: {
  server: { address: string; namespace: string };
  codecKeys?: CodecKeys;
  activities?: object;
  trialActivities?: object;
  prefix?: string;
  ratePerSecond?: number;
}) {
  quietRuntime();
  const temporal = testSettings(options.server, options.codecKeys ?? null);
  const queuePrefix = options.prefix ?? `${randomUUID().slice(0, 8)}-`;
  const running: RunningWorker = await startWorker({
    temporal,
    settings: {
      concurrency: 10,
      providers: [{ name: "simulated", ratePerSecond: options.ratePerSecond ?? null }],
      drainMs: 500,
    },
    bundle: await ensureWorkflowBundle(projectRoot),
    activities: options.activities ?? {},
    trialActivities: options.trialActivities ?? {},
    queuePrefix,
  });
  const { client, close } = await connectTemporal(temporal);
  return {
    client,
    running,
    queue: `${queuePrefix}${workflowQueue}`,
    queuePrefix,
    close: async () => {
      running.drain();
      await running.ended;
      await close();
    },
  };
}
