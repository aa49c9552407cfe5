import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import type { Arm, Failure, TrialResult } from "#lib/domain/trial.ts";
import { measure, ordersFor } from "./measurement.ts";

const prompt = {
  id: "p",
  version: "1.0.0",
  contentHash: "p",
  genome: { content: "p", parameters: promptParameters.parse({}), tools: [] },
};
const benchmarks = Array.from(
  { length: 12 },
  (_, index): Benchmark => ({
    id: `b${index}`,
    suite: "s",
    externalId: `b${index}`,
    input: "b",
    expected: "yes",
    labels: null,
    grader: { kind: "exact", ignoreCase: true },
    weight: 1,
    contentHash: `b${index}`,
    family: null,
    group: `b${index}`,
    required: false,
    sealed: false,
  }),
);
const orders = ordersFor(prompt, benchmarks, {
  offset: 0,
  repeats: 1,
  arm: "candidate",
  experimentId: "e",
});

function resultOf(failure: Failure | null): TrialResult {
  return {
    outcome: failure === null ? "success" : "failure",
    score: failure === null ? 1 : 0,
    costUsd: 0,
    inputTokens: 0,
    outputTokens: 0,
    latencyMs: 0,
    failure,
    agents: [],
    steps: [],
    criticVerdict: null,
    simulated: false,
  };
}

/** Why the search stops when so many of twelve trials failed like this. */
async function stoppedBy(
  failures: number,
  signature: string,
  arm: Arm = "candidate",
): Promise<string | null> {
  const errorClass =
    (["model-error", "grader-error"] as const).find((kind) => signature.startsWith(kind)) ??
    "executor-error";
  const failure: Failure = { errorClass, signature, message: "No." };
  const { stopped } = await measure(
    {
      evaluate: async (wanted) =>
        wanted.map((_, index) => ({
          state: "done",
          result: resultOf(index < failures ? failure : null),
          replayed: false,
        })),
    },
    orders.map((order) => ({ ...order, arm })),
  );
  return stopped;
}

test.each([
  "model-error/503",
  "model-error",
  "executor-error/not reached",
  "executor-error/status 429",
  "executor-error/no worker",
])("%s in most trials stops the search: the provider is away", async (signature) => {
  expect(await stoppedBy(7, signature)).toBe("provider-down");
  expect(await stoppedBy(6, signature)).toBeNull();
});

test.each(["executor-error/not JSON", "executor-error/status 500", "executor-error/status 400"])(
  "%s may be what a prompt brings about, and stops nothing",
  async (signature) => {
    expect(await stoppedBy(12, signature)).toBeNull();
  },
);

test("grader errors in most trials of today's prompt stop the search: the grader is down", async () => {
  const signature = "grader-error/judge no-verdict";
  expect(await stoppedBy(10, signature, "baseline")).toBe("grader-down");
  expect(await stoppedBy(9, signature, "baseline")).toBeNull();
  expect(await stoppedBy(12, signature, "candidate")).toBeNull();
});
