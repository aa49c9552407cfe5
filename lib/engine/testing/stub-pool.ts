import { createHash } from "node:crypto";
import type { ProviderFault, TrialResult } from "#lib/domain/trial.ts";
import type { TrialRequest } from "#lib/harness/trial-request.ts";

/** Runs trials without a model. */
export class StubPool {
  calls = 0;
  running = 0;
  mostAtOnce = 0;
  delayMs = 2;
  costUsd = 0.001;
  /** Thrown instead of a result where it is an error. */
  fault: (request: TrialRequest) => Error | null = () => null;
  /** Where it answers one, the trial fails because of its provider. */
  away: (request: TrialRequest) => ProviderFault | null = () => null;
  onCall: (request: TrialRequest) => void = () => undefined;

  async run(request: TrialRequest): Promise<TrialResult> {
    this.calls += 1;
    this.onCall(request);
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    try {
      await new Promise((resolve) => setTimeout(resolve, this.delayMs));
      const fault = this.fault(request);
      if (fault !== null) throw fault;
      const away = this.away(request);
      const result = stubResult(request, this.costUsd);
      return away === null ? result : { ...result, ...awayFailure, fault: away };
    } finally {
      this.running -= 1;
    }
  }
}

const awayFailure = {
  outcome: "failure",
  score: 0,
  failure: {
    errorClass: "model-error",
    message: "The provider is away.",
    signature: "model-error",
  },
} as const;

/** A pure function of benchmark, repeat and seed. */
export function stubResult(
  request: Pick<TrialRequest, "benchmark" | "repeat" | "runSeed">,
  costUsd: number,
): TrialResult {
  const digest = createHash("sha256")
    .update(JSON.stringify([request.benchmark.id, request.repeat, request.runSeed]))
    .digest();
  const success = (digest[0] ?? 0) % 2 === 0;
  return {
    outcome: success ? "success" : "failure",
    score: success ? 1 : 0,
    costUsd,
    latencyMs: 100 + (digest[1] ?? 0),
    inputTokens: 10,
    outputTokens: 10,
    steps: [],
    agents: [],
    criticVerdict: null,
    failure: success
      ? null
      : { errorClass: "constraint-violated", message: "a limit is not met", signature: "limit" },
    simulated: true,
  };
}
