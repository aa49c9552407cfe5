/** One trial of the production prompt, with everything that passes between: what `genepool executors test` shows. */
import { listAgentTypes, requireAgentType } from "#lib/db/agent-types.ts";
import { loadSuite } from "#lib/db/benchmarks.ts";
import type { Database } from "#lib/db/client.ts";
import type { TrialResult } from "#lib/domain/trial.ts";
import { AppError } from "#lib/errors.ts";
import { type HarnessPrompt, harnessBenchmark } from "#lib/harness/trial-request.ts";
import { productionPrompt } from "#lib/registry/production.ts";
import { contentHash } from "../content-hash.ts";
import { buildRequest } from "./build-request.ts";
import type { ExecutorRequest } from "./contract.ts";
import { type ExecutorTask, executorKey, type Reply } from "./executor.ts";
import type { ExecutorRoster } from "./roster.ts";

const answerShownMax = 100_000;

export interface TryOptions {
  system: string;
  /** The agent whose prompt is tried; the system's first one by name when absent. */
  agentType?: string | undefined;
  /** Id of a benchmark in the suite; its first line when absent. */
  benchmark?: string | undefined;
  costLimitUsd: number;
  timeoutMs: number;
}

export interface Tried {
  executor: string;
  request: ExecutorRequest;
  /** What came back, as it came; null where the built-in executor ran it. */
  answer: string | null;
  result: TrialResult;
  tookMs: number;
}

/**
 * Runs the trial; nothing is stored and nothing is cached: the trial's id is new each time. Throws
 * AppError("not-found") for a system without agents, AppError("conflict") for an agent without a production prompt.
 */
export async function tryTrial(
  db: Database,
  executors: ExecutorRoster,
  options: TryOptions,
): Promise<Tried> {
  const { system, timeoutMs } = options;
  const executor = executors.forSystem(system);
  const faults = executor.check();
  if (faults.length > 0) throw new AppError("unavailable", faults.join("\n"));
  const task = await taskOf(db, options);
  const deadline = new Date(Date.now() + (executor.timeoutMs || timeoutMs));
  const began = performance.now();
  const replies: Reply[] = [];
  task.onReply = (reply) => replies.push(reply);
  const result = await executor.run(task, new AbortController().signal);
  return {
    executor: executorKey(executor),
    request: buildRequest(task, { deadline, sendExpected: false }),
    answer: textOf(replies[0]),
    result,
    tookMs: Math.round(performance.now() - began),
  };
}

function textOf(reply: Reply | undefined): string | null {
  if (reply === undefined) return null;
  return reply.ok ? reply.text.slice(0, answerShownMax) : reply.message;
}

async function taskOf(
  db: Database,
  { system, agentType: named, benchmark: wanted, costLimitUsd, timeoutMs }: TryOptions,
): Promise<ExecutorTask> {
  const { items } = await listAgentTypes(db);
  const agents = items.filter((agent) => agent.system === system);
  const agent = agents.find(({ name }) => named === undefined || name === named);
  if (agent === undefined) {
    const which = named === undefined ? "no agent" : `no agent "${named}"`;
    const advice = `Add one: genepool agents add <name> --system ${system} --suite <suite> --model <id> --prompt <file>`;
    throw new AppError("not-found", `The system "${system}" has ${which}. ${advice}`);
  }
  const { suite } = await requireAgentType(db, agent.name);
  const lines = await loadSuite(db, suite);
  const line = lines.find(({ id, externalId }) => {
    return wanted === undefined || wanted === externalId || wanted === id;
  });
  if (line === undefined) {
    const which = wanted === undefined ? "no benchmarks" : `no benchmark "${wanted}"`;
    throw new AppError("not-found", `The suite "${suite}" has ${which}.`);
  }
  const prompts: Record<string, HarnessPrompt> = {};
  const together = system === "single" ? [agent] : agents;
  for (const { name, defaultModel } of together) {
    const production = await productionPrompt(db, name);
    if (production === null)
      throw new AppError("conflict", `The agent "${name}" has no prompt in production.`);
    const { id, version, content, parameters, tools } = production.prompt;
    const model = parameters.model ?? defaultModel;
    prompts[name] = { promptId: id, version, content, parameters, tools, model };
  }
  return {
    trialId: contentHash({ try: crypto.randomUUID() }),
    agentType: agent.name,
    request: {
      system,
      benchmark: harnessBenchmark(line),
      prompts,
      runSeed: 0,
      repeat: 0,
      timeoutMs,
      costLimitUsd,
    },
  };
}
