import { randomUUID } from "node:crypto";
import { expect, inject, test } from "vitest";
import { startTestWorker } from "#workflows/testing/test-worker.ts";
import { missingWorkers } from "./missing-workers.ts";

const server = { address: inject("temporalAddress"), namespace: inject("temporalNamespace") };

test("workers that are not there are named with what to start, those that are there are not", async () => {
  const worker = await startTestWorker({ server });
  const [workflows, nobody] = [worker.queue, randomUUID()];
  try {
    await expect.poll(() => missingWorkers(worker.client, { workflows })).toEqual([]);
    expect(await missingWorkers(worker.client, { workflows, activities: nobody })).toEqual([
      expect.stringContaining(`No worker has asked the task queue "${nobody}" for work`),
    ]);
    expect(await missingWorkers(worker.client, { workflows: nobody })).toEqual([
      expect.stringContaining("No worker of Genepool is running"),
    ]);
  } finally {
    await worker.close();
  }
});
