import { expect, test } from "vitest";
import { queueOptions } from "./worker.ts";
import { workerSettings } from "./worker-settings.ts";

const base = { GENEPOOL_WORKER_CONCURRENCY: 25, GENEPOOL_WORKER_DRAIN_SECONDS: 10 };
const temporal = {
  address: "localhost:7233",
  namespace: "default",
  tls: false,
  apiKey: undefined,
  codecKeys: null,
};

test("each provider has a queue of its own, bounded, with the rate of all workers together", () => {
  const settings = workerSettings({
    ...base,
    GENEPOOL_WORKER_PROVIDERS: "openai, anthropic",
    GENEPOOL_WORKER_PROVIDER_RATES: "openai=2.5",
  });
  const [workflows, ...trials] = queueOptions({
    temporal,
    settings,
    bundle: "workflows.js",
    activities: {},
    trialActivities: { run: () => undefined },
  });
  expect(workflows).toMatchObject({
    taskQueue: "genepool",
    stickyQueueScheduleToStartTimeout: "1s",
    shutdownGraceTime: 10_000,
  });
  expect(
    trials.map((options) => [
      options.taskQueue,
      options.maxConcurrentActivityTaskExecutions,
      options.maxTaskQueueActivitiesPerSecond,
    ]),
  ).toEqual([
    ["genepool-trials-openai", 25, 2.5],
    ["genepool-trials-anthropic", 25, undefined],
  ]);
});

test("all providers are served unless some are named, and wrong names and rates are refused", () => {
  expect(workerSettings(base).providers.map(({ name }) => name)).toContain("simulated");
  expect(() => workerSettings({ ...base, GENEPOOL_WORKER_PROVIDERS: "opanai" })).toThrow(
    /"opanai"/,
  );
  for (const rates of ["openai", "openai=0", "openai=-1", "openai=fast"])
    expect(() => workerSettings({ ...base, GENEPOOL_WORKER_PROVIDER_RATES: rates })).toThrow(
      /GENEPOOL_WORKER_PROVIDER_RATES/,
    );
});
