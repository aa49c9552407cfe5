/**
 * Built-in traffic: keeps running the production prompts of the workbench agents through the real harness, as a user's
 * controllers would, and reports each run to the journal. The n-th trace is a pure function of (seed, n, prompts), so a
 * history can be made again; only its time of day is the clock's.
 */
import type { TrialResult } from "#lib/domain/trial.ts";
import { draw, seedOf } from "#lib/random.ts";
import { type AgentRun, journalRunsOf } from "./journal-runs.ts";

export interface ProductionPrompt {
  promptId: string;
  model: string;
}

export interface TrafficPorts {
  /** Prompts that prod points at now, by agent type. */
  productionPrompts(): Promise<Record<string, ProductionPrompt>>;
  /** Benchmarks that stand for what users ask, in a stable order. */
  benchmarkIds: readonly string[];
  run(request: {
    benchmarkId: string;
    prompts: Record<string, ProductionPrompt>;
    runSeed: number;
    repeat: number;
  }): Promise<TrialResult>;
  record(runs: AgentRun[]): Promise<void>;
}

export const leadAgent = "engineer";

/** Runs and records the traces `from` to `to` (exclusive), at most `concurrency` at once; `timeOf` dates each. */
export async function runTraffic(
  ports: TrafficPorts,
  span: {
    seed: number;
    from: number;
    to: number;
    concurrency: number;
    timeOf: (index: number) => Date;
  },
): Promise<void> {
  const prompts = await ports.productionPrompts();
  let next = span.from;
  const lane = async () => {
    while (next < span.to) {
      const index = next++;
      await ports.record(await runTrace(ports, prompts, span.seed, index, span.timeOf(index)));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, span.concurrency) }, lane));
}

async function runTrace(
  ports: TrafficPorts,
  prompts: Record<string, ProductionPrompt>,
  seed: number,
  index: number,
  startedAt: Date,
): Promise<AgentRun[]> {
  const benchmarkId = draw(seed, "traffic", index).pick(ports.benchmarkIds);
  const runSeed = seedOf(seed, "traffic-run", index);
  const result = await ports.run({ benchmarkId, prompts, runSeed, repeat: 0 });
  return journalRunsOf(result, {
    traceId: `traffic-${seed}-${index}`,
    startedAt,
    benchmarkId,
    prompts,
    leadAgent,
  });
}
