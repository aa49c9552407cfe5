import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { lazyTemporal } from "./connection.ts";
import { temporalSettings } from "./settings.ts";

const longestFirstPauseMs = 300;

test("a call that waits to be repeated ends with the connection, and not in an exception that nobody can catch", async () => {
  // Nothing listens on the first port, so every attempt is refused at once.
  const settings = temporalSettings({
    TEMPORAL_ADDRESS: "127.0.0.1:1",
    GENEPOOL_TEMPORAL_ALLOW_PLAINTEXT: "off",
  });
  if (settings === null) throw new Error("Temporal is configured here.");
  const { client, close } = lazyTemporal(settings);
  const ended = expect(
    client.workflow.start("Any", { workflowId: "any", taskQueue: "any" }),
  ).rejects.toThrow();
  await sleep(50);
  await close();
  await ended;
  await sleep(longestFirstPauseMs);
});
