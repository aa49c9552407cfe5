import type { Database } from "#lib/db/client.ts";
import type { Optimization } from "#lib/db/optimizations.ts";
import { loadPrompts, type PromptRecord } from "#lib/db/prompts.ts";
import type { Verdict } from "#lib/domain/experiment.ts";
import type { Insight } from "#lib/domain/insight.ts";
import type { IndividualRecord } from "./ports.ts";
import type { RunOutcome } from "./run-contract.ts";

export interface ReportedIndividual {
  version: string;
  contentHash: string;
  operator: string | null;
  successRate: number;
  costUsd: number;
  latencyMs: number;
  trials: number;
  constraintViolation: number;
  rank: number;
  /** Null is infinite. */
  crowdingDistance: number | null;
  survived: boolean;
}

/** What a run did and found, without row ids or times: equal runs give equal reports. */
export interface OptimizationReport {
  agentType: string;
  seed: number;
  model: string | null;
  simulated: boolean;
  summary: string;
  incumbent: { version: string; contentHash: string };
  insights: Pick<Insight, "signature" | "statement" | "count" | "share" | "failedRuns">[];
  coach: RunOutcome["coach"];
  generations: {
    number: number;
    hypervolume: number;
    individuals: ReportedIndividual[];
    refused: RunOutcome["generations"][number]["refused"];
    bandit: RunOutcome["generations"][number]["bandit"];
  }[];
  front: ReportedIndividual[];
  finalists: { version: string; contentHash: string; verdict: Verdict }[];
  candidates: {
    version: string;
    contentHash: string;
    content: string;
    parameters: PromptRecord["parameters"];
    tools: string[];
  }[];
  trials: number;
  /** Of all trials that count, whether this run paid for them or found them stored. */
  costUsd: number;
}

export async function optimizationReport(
  db: Database,
  optimization: Optimization,
  outcome: RunOutcome,
): Promise<OptimizationReport> {
  const ids = outcome.generations.flatMap((generation) =>
    generation.individuals.map((individual) => individual.promptId),
  );
  const prompts = new Map(
    (
      await loadPrompts(db, [
        ...new Set([optimization.incumbentId, ...optimization.config.prove, ...ids]),
      ])
    ).map((prompt) => [prompt.id, prompt]),
  );
  const named = (id: string) => {
    const prompt = prompts.get(id);
    return { version: prompt?.version ?? "", contentHash: prompt?.contentHash ?? "" };
  };
  const reported = (individual: IndividualRecord): ReportedIndividual => ({
    ...named(individual.promptId),
    operator: prompts.get(individual.promptId)?.parents[0]?.operator ?? null,
    ...individual.objectives,
    trials: individual.trials,
    constraintViolation: individual.constraintViolation,
    rank: individual.rank,
    crowdingDistance: Number.isFinite(individual.crowdingDistance)
      ? individual.crowdingDistance
      : null,
    survived: individual.survived,
  });
  const generations = outcome.generations.map(
    ({ number, hypervolume, individuals, refused, bandit }) => ({
      number,
      hypervolume,
      individuals: individuals.map(reported),
      refused,
      bandit,
    }),
  );
  return {
    agentType: optimization.agentType,
    seed: optimization.config.seed,
    model: optimization.config.model,
    simulated: optimization.simulated,
    summary: outcome.summary,
    incumbent: named(optimization.incumbentId),
    insights: outcome.insights.map(({ signature, statement, count, share, failedRuns }) => ({
      signature,
      statement,
      count,
      share,
      failedRuns,
    })),
    coach: outcome.coach,
    generations,
    front: (generations.at(-1)?.individuals ?? []).filter(
      (individual) => individual.survived && individual.rank === 0,
    ),
    finalists: outcome.finalists.map(({ promptId, verdict }) => ({
      ...named(promptId),
      verdict: withoutIds(verdict),
    })),
    candidates: outcome.candidates.flatMap(({ promptId }) => {
      const prompt = prompts.get(promptId);
      return prompt === undefined
        ? []
        : [
            {
              ...named(promptId),
              content: prompt.content,
              parameters: prompt.parameters,
              tools: prompt.tools,
            },
          ];
    }),
    trials: outcome.trials,
    costUsd: outcome.costUsd,
  };
}

/** Controls are named by their external id; row ids differ from database to database. */
function withoutIds(verdict: Verdict): Verdict {
  return {
    ...verdict,
    controls: verdict.controls.map((control) => ({ ...control, benchmarkId: control.externalId })),
  };
}
