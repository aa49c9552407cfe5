/** Success on workbench problems that no run has ever used: the honest figure for a winner, outside the search. */
import pLimit from "p-limit";
import { contentHash } from "#lib/content-hash.ts";
import { listAgentTypes } from "#lib/db/agent-types.ts";
import type { Database } from "#lib/db/client.ts";
import type { Optimization } from "#lib/db/optimizations.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import type { Estimate } from "#lib/domain/experiment.ts";
import type { TrialPool } from "#lib/harness/pool.ts";
import type { HarnessPrompt } from "#lib/harness/trial-request.ts";
import { seedOf } from "#lib/random.ts";
import { wilsonInterval } from "#lib/stats/wilson.ts";
import { benchmarkOf } from "#workbench/benchmark.ts";
import { freshProblems } from "#workbench/suite.ts";

export interface FreshFigures {
  problems: number;
  baseline: Estimate;
  candidate: Estimate;
  /** Candidate less baseline, in percentage points. */
  points: number;
}

const timeoutMs = 5 * 60_000;

export async function measureFresh(
  db: Database,
  pool: TrialPool,
  options: {
    optimization: Optimization;
    candidateId: string;
    problems: number;
    concurrency: number;
  },
): Promise<FreshFigures> {
  const { optimization, candidateId, problems, concurrency } = options;
  const { config, agentType, incumbentId, companions } = optimization;
  const { items } = await listAgentTypes(db);
  const modelOf = (name: string) =>
    config.model ?? items.find((agent) => agent.name === name)?.defaultModel ?? "";
  const load = async (name: string, id: string): Promise<HarnessPrompt> => {
    const { content, parameters, tools } = await requirePrompt(db, id);
    return { promptId: id, content, parameters, tools, model: parameters.model ?? modelOf(name) };
  };
  const others: Record<string, HarnessPrompt> = {};
  for (const [name, id] of Object.entries(companions)) others[name] = await load(name, id);
  const benchmarks = freshProblems(problems, seedOf("fresh", config.seed)).map((problem) => {
    const benchmark = benchmarkOf(problem);
    // The simulated model draws by this hash, in which `required` never was.
    const hash = contentHash({ ...benchmark, required: undefined });
    return { ...benchmark, id: problem.id, contentHash: hash };
  });
  const limit = pLimit(concurrency);
  const successOf = async (promptId: string): Promise<Estimate> => {
    const prompts = { ...others, [agentType]: await load(agentType, promptId) };
    const results = await Promise.all(
      benchmarks.map((benchmark) =>
        limit(() =>
          pool.run({
            system: "workbench",
            benchmark,
            prompts,
            runSeed: config.seed,
            repeat: 0,
            timeoutMs,
            costLimitUsd: config.budget.trialCapUsd,
          }),
        ),
      ),
    );
    const successes = results.filter((result) => result.outcome === "success").length;
    return { value: successes / problems, n: problems, ...wilsonInterval(successes, problems) };
  };
  const baseline = await successOf(incumbentId);
  const candidate = await successOf(candidateId);
  return {
    problems,
    baseline,
    candidate,
    points: Number((100 * (candidate.value - baseline.value)).toFixed(1)),
  };
}
