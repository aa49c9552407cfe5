import { randomUUID } from "node:crypto";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type ExecuteOptions, temporalExecutor } from "#lib/temporal/execute-benchmark.ts";
import { startPythonWorker } from "./testing/python-worker.ts";
import { startTestWorker } from "./testing/test-worker.ts";

const server = { address: inject("temporalAddress"), namespace: inject("temporalNamespace") };
const python = inject("temporalPython");
const needsPython = test.skipIf(python === null && !process.env.CI);
const oddQueue = `odd-${randomUUID()}`;
let worker: Awaited<ReturnType<typeof startTestWorker>>;
let stopPython: (() => Promise<void>) | null = null;

beforeAll(async () => {
  worker = await startTestWorker({ server });
  if (python !== null)
    stopPython = await startPythonWorker({
      python,
      script: path.join(import.meta.dirname, "testing/odd_worker.py"),
      env: environment(oddQueue),
    });
});

afterAll(async () => {
  await stopPython?.();
  await worker.close();
});

function environment(queue: string): Record<string, string> {
  return {
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: server.namespace,
    TASK_QUEUE: queue,
  };
}

function execute(id: string, options: Partial<ExecuteOptions> = {}, signal?: AbortSignal) {
  return temporalExecutor(worker.client, worker.queue)(
    { benchmark: { id, input: "2 + 2" }, prompts: { solver: "Answer." } },
    { taskQueue: oddQueue, timeoutMs: 5_000, ...options },
    signal ?? new AbortController().signal,
  );
}

needsPython("request and answer cross the languages unchanged", async () => {
  expect(await execute("ok")).toEqual({
    score: 0.5,
    echo: { benchmark: { id: "ok", input: "2 + 2" }, prompts: { solver: "Answer." } },
  });
});

needsPython.each(["nan", "infinity"])("%s ends the run with the reason", async (way) => {
  await expect(execute(way)).rejects.toThrow(/answer is not JSON.*not finite/);
});

needsPython("what may pass is tried three times, what is final once", async () => {
  expect(await execute("twice")).toEqual({ attempt: 3 });
  await expect(execute("bad input")).rejects.toThrow(/ValueError\): no such benchmark/);
  await expect(execute("final")).rejects.toThrow(/Quota\): quota used up/);
});

needsPython(
  "an answer after the deadline and one that is too large are failures with a reason",
  async () => {
    await expect(execute("slow", { timeoutMs: 300 })).rejects.toThrow(/not answer within 300 ms/);
    await expect(execute("large")).rejects.toThrow(/execute_benchmark failed/);
  },
);

test("a queue that nobody listens on is named after the time to pick up", async () => {
  await expect(execute("any", { taskQueue: "nobody", pickUpMs: 300 })).rejects.toThrow(
    'No worker listens on the task queue "nobody".',
  );
});

test("an abort is answered at once and cancels the run", async () => {
  const ending = new AbortController();
  const id = randomUUID();
  const running = execute("any", { taskQueue: "nobody", pickUpMs: 60_000, id }, ending.signal);
  const handle = worker.client.workflow.getHandle(`execute-${id}`);
  await expect
    .poll(() =>
      handle.describe().then(
        ({ status }) => status.name,
        () => null,
      ),
    )
    .toBe("RUNNING");
  ending.abort(new Error("stopped by a person"));
  await expect(running).rejects.toThrow("stopped by a person");
  await expect.poll(() => handle.describe().then(({ status }) => status.name)).toBe("CANCELLED");
});

test("a request that Temporal would refuse is refused before it is sent", async () => {
  const run = temporalExecutor(worker.client, worker.queue);
  const request = { text: "x".repeat(2_000_000) };
  const options = { taskQueue: oddQueue, timeoutMs: 1_000 };
  await expect(run(request, options, new AbortController().signal)).rejects.toThrow(
    /bytes; Temporal/,
  );
});
