import { workbenchSuiteName } from "#workbench/suite.ts";
import { leadAgent, type TrafficPorts } from "#workbench/traffic.ts";
import { listAgentTypes } from "../db/agent-types.ts";
import { loadSuite } from "../db/benchmarks.ts";
import type { Database } from "../db/client.ts";
import { AppError } from "../errors.ts";
import type { TrialPool } from "../harness/pool.ts";
import type { HarnessPrompt } from "../harness/trial-request.ts";
import { recordRuns } from "../journal/record-runs.ts";
import type { RunSource } from "../journal/run-input.ts";
import { productionPrompt } from "../registry/production.ts";

const traceTimeoutMs = 5 * 60_000;

/** Wires the built-in traffic to registry, harness and journal. `model` overrides the agents' own models. */
export async function trafficPorts(
  db: Database,
  pool: TrialPool,
  options: { source: RunSource; model: string | null },
): Promise<TrafficPorts> {
  const suite = (await loadSuite(db, workbenchSuiteName)).sort((a, b) =>
    a.externalId < b.externalId ? -1 : 1,
  );
  const byId = new Map(suite.map((benchmark) => [benchmark.id, benchmark]));
  let prompts: Record<string, HarnessPrompt> = {};
  return {
    benchmarkIds: suite.map((benchmark) => benchmark.id),
    productionPrompts: async () => {
      prompts = await loadProduction(db, options.model);
      return prompts;
    },
    run: async ({ benchmarkId, runSeed, repeat }) => {
      const benchmark = byId.get(benchmarkId);
      if (benchmark === undefined)
        throw new AppError("internal", `the suite has no benchmark ${benchmarkId}`);
      return pool.run({
        system: "workbench",
        benchmark,
        prompts,
        runSeed,
        repeat,
        timeoutMs: traceTimeoutMs,
        costLimitUsd: null,
      });
    },
    record: async (runs) => {
      await recordRuns(db, runs, { source: options.source });
    },
  };
}

async function loadProduction(
  db: Database,
  model: string | null,
): Promise<Record<string, HarnessPrompt>> {
  const { items } = await listAgentTypes(db);
  const prompts: Record<string, HarnessPrompt> = {};
  for (const agent of items.filter((item) => item.system === "workbench")) {
    const production = await productionPrompt(db, agent.name);
    if (production === null)
      throw new AppError("conflict", `The agent "${agent.name}" has no production prompt.`);
    const { id, content, parameters, tools } = production.prompt;
    prompts[agent.name] = {
      promptId: id,
      content,
      parameters,
      tools,
      model: parameters.model ?? model ?? agent.defaultModel,
    };
  }
  if (prompts[leadAgent] === undefined)
    throw new AppError("conflict", "The workbench agents are not set up.");
  return prompts;
}
