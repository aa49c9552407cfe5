import type { Database } from "#lib/db/client.ts";
import type { Optimization } from "#lib/db/optimizations.ts";
import { loadPrompts, type PromptRecord } from "#lib/db/prompts.ts";
import type { Verdict } from "#lib/domain/experiment.ts";
import type { Insight } from "#lib/domain/insight.ts";
import type { SuccessFigure } from "#lib/domain/success-figure.ts";
import { type Spending, spendingOf, trialsOf } from "#lib/optimizations/spending.ts";
import { type Fitness, fitnessScores } from "#lib/registry/fitness.ts";
import { searchEstimate } from "#lib/registry/search-estimate.ts";
import type { IndividualRecord } from "./ports.ts";
import type { RunOutcome } from "./run-contract.ts";

export interface ReportedIndividual {
  version: string;
  contentHash: string;
  operator: string | null;
  /** As the search ranks it. */
  successRate: number;
  /** The prompt's one figure, the same wherever it is shown. */
  figure: SuccessFigure;
  costUsd: number;
  latencyMs: number;
  trials: number;
  constraintViolation: number;
  rank: number;
  /** Null is infinite. */
  crowdingDistance: number | null;
  survived: boolean;
}

function figureOf(
  { objectives, successes, trials }: IndividualRecord,
  known: Fitness | undefined,
): SuccessFigure {
  const { kind, value, low, high, n } = known ?? {
    ...searchEstimate({ rate: objectives.successRate, successes, trials }),
    kind: "estimated",
  };
  return { kind, value, low, high, n };
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
  /** Different trials that count, whether this run paid for them or found them stored. */
  trials: number;
  /** As the ledger booked it: the same sums as on the page and in the API's report. */
  spending: Spending;
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
  const figures = await fitnessScores(db, [...new Set(ids)]);
  const named = (id: string) => {
    const prompt = prompts.get(id);
    return { version: prompt?.version ?? "", contentHash: prompt?.contentHash ?? "" };
  };
  const reported = (individual: IndividualRecord): ReportedIndividual => ({
    ...named(individual.promptId),
    operator: prompts.get(individual.promptId)?.parents[0]?.operator ?? null,
    ...individual.objectives,
    figure: figureOf(individual, figures.get(individual.promptId)),
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
    trials: trialsOf(optimization),
    spending: await spendingOf(db, optimization),
  };
}

/** Controls are named by their external id; row ids differ from database to database. */
function withoutIds(verdict: Verdict): Verdict {
  return {
    ...verdict,
    controls: verdict.controls.map((control) => ({ ...control, benchmarkId: control.externalId })),
  };
}
