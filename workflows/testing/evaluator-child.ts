/** An optimizer's process that asks the Temporal engine for trials: what the chaos tests kill. */
import { createDatabase } from "#lib/db/client.ts";
import { createTemporalEvaluator } from "#lib/engine/temporal-evaluator.ts";
import { connectTemporal } from "#lib/temporal/connection.ts";
import { providerQueue, workflowQueue } from "#lib/temporal/queues.ts";
import { chaosOrders } from "./chaos-orders.ts";
import { testSettings } from "./test-worker.ts";

const [address = "", namespace = "", databaseUrl = "", queuePrefix = "", runId = "", count = ""] =
  process.argv.slice(2);
const { db } = createDatabase({ url: databaseUrl, onConnectionLost: () => undefined });
const temporal = await connectTemporal(testSettings({ address, namespace }));
const { shape, orders } = await chaosOrders(db, runId);
const answers = await createTemporalEvaluator({
  db,
  client: temporal.client,
  optimizationId: runId,
  shape,
  queues: {
    workflows: `${queuePrefix}${workflowQueue}`,
    trials: `${queuePrefix}${providerQueue("simulated")}`,
  },
  concurrency: 20,
  isStopRequested: () => false,
  signal: new AbortController().signal,
}).evaluate(orders(Number(count)));
process.exit(answers.every(({ state }) => state === "done") ? 0 : 1);
