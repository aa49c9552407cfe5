import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { listExperiments } from "#lib/db/experiments.ts";
import {
  listOptimizations,
  type Optimization,
  requireOptimization,
} from "#lib/db/optimizations.ts";
import {
  listGenerations,
  listInsights,
  listSteps,
  type StoredGeneration,
} from "#lib/db/search-records.ts";
import { getTag, prodTag } from "#lib/db/tags.ts";
import { promptOperator } from "#lib/domain/prompt.ts";
import { plannedTrials, remainingTime } from "#lib/optimizations/planned-trials.ts";
import { spendingOf } from "#lib/optimizations/spending.ts";
import { faultShares } from "#lib/stats/fault-shares.ts";
import {
  type AgentFront,
  type CoachShape,
  coachVerdict,
  type GenerationShape,
  type IndividualShape,
  type OptimizationDetail,
  type OptimizationSummary,
} from "../shapes/optimization.ts";
import { discountedEstimate } from "./discounted-rate.ts";
import { publicExperiments } from "./experiment-view.ts";
import { type StepRecord, writeLog } from "./optimization-log.ts";
import { PromptIndex } from "./prompt-refs.ts";

export async function optimizationSummaries(
  db: Executor,
  optimizations: readonly Optimization[],
  now: Date,
): Promise<OptimizationSummary[]> {
  const prompts = await PromptIndex.load(
    db,
    optimizations.flatMap(({ incumbentId, config }) => [incumbentId, ...config.prove]),
  );
  return optimizations.map((optimization) => summaryOf(optimization, prompts, now));
}

function summaryOf(run: Optimization, prompts: PromptIndex, now: Date): OptimizationSummary {
  const { config, trialsDone, startedAt } = run;
  const active = run.state === "running" || run.state === "stopping";
  const elapsedMs = startedAt === null ? 0 : now.getTime() - startedAt.getTime();
  return {
    id: run.id,
    agentType: run.agentType,
    state: run.state,
    trigger: run.trigger,
    createdBy: run.createdBy,
    incumbent: prompts.ref(run.incumbentId),
    proves: config.prove.map((id) => prompts.ref(id)),
    step: run.step,
    generation: run.generation,
    generations: config.generations ?? null,
    trialsDone,
    trialsPlanned: run.trialsPlanned,
    // Runs of version 0.1 had no budget of calls and may have planned more.
    trialsMax: Math.max(plannedTrials(config).high, run.trialsPlanned),
    spentUsd: run.spentUsd,
    reservedUsd: run.reservedUsd,
    capUsd: run.capUsd,
    remainingMs: active ? remainingTime({ elapsedMs, trialsDone, config }) : null,
    stopRequested: run.stopRequestedAt !== null,
    waiting:
      run.waiting === null
        ? null
        : { reason: run.waiting.reason, since: run.waiting.since.toISOString() },
    outcome: run.outcome,
    failure: run.failure,
    simulated: run.simulated,
    createdAt: run.createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}

/** Runs of earlier versions kept fewer tallies and no judgements. */
const storedCoach = coachVerdict.omit({ shares: true }).extend({
  tallies: z.object({
    "critic-missed-error": z.int(),
    "engineer-ignored-critic": z.int(),
    neither: z.int(),
    unclear: z.int().default(0),
  }),
  runs: coachVerdict.shape.runs.default([]),
  examples: coachVerdict.shape.examples.default([]),
});
const hypothesisStep = z.object({ coach: storedCoach.nullable() });
const mutationStep = z.object({
  refused: z.array(z.object({ operator: promptOperator, guard: z.string(), reason: z.string() })),
});

const evaluationStep = z.object({
  dropped: z.array(z.object({ promptId: z.uuid(), rule: z.string(), reason: z.string() })),
});

/** Everything the live page shows. Throws AppError("not-found") for an unknown optimization. */
export async function optimizationDetail(
  db: Executor,
  id: string,
  now: Date,
): Promise<OptimizationDetail> {
  const run = await requireOptimization(db, id);
  const [spending, steps, insights, generations, experiments] = await Promise.all([
    spendingOf(db, run),
    listSteps(db, id),
    listInsights(db, id),
    listGenerations(db, id),
    listExperiments(db, { optimizationId: id, limit: 500 }),
  ]);
  const prompts = await indexOf(db, generations, [run.incumbentId, ...run.config.prove]);
  const shown = generations.map((generation) => generationOf(generation, prompts, run));
  return {
    ...summaryOf(run, prompts, now),
    seed: run.seed,
    config: run.config,
    spending,
    insights,
    coach: coachOf(steps),
    generationsDone: shown,
    refused: steps.filter(({ step }) => step === "mutate").flatMap(refusedOf),
    dropped: steps.filter(({ step }) => step === "evaluate").flatMap(droppedOf),
    finalists: await publicExperiments(
      db,
      experiments.items.filter(({ kind }) => kind === "confirm").toReversed(),
    ),
    log: writeLog({ run, steps, generations: shown, experiments: experiments.items }),
  };
}

function coachOf(steps: readonly StepRecord[]): CoachShape | null {
  const output = steps.find(({ step }) => step === "hypothesize")?.output;
  const coach = output === undefined ? null : hypothesisStep.parse(output).coach;
  return coach === null ? null : { ...coach, shares: faultShares(coach.tallies) };
}

function refusedOf({ generation, output }: StepRecord) {
  return mutationStep.parse(output).refused.map((refusal) => ({ generation, ...refusal }));
}

function droppedOf({ generation, output }: StepRecord) {
  return evaluationStep
    .parse(output)
    .dropped.map(({ promptId, rule, reason }) => ({ generation, promptId, rule, reason }));
}

function indexOf(
  db: Executor,
  generations: readonly StoredGeneration[],
  besideIds: readonly string[],
): Promise<PromptIndex> {
  const ids = generations.flatMap(({ individuals }) => individuals.map(({ promptId }) => promptId));
  return PromptIndex.load(db, [...ids, ...besideIds]);
}

function generationOf(
  { number, hypervolume, individuals }: StoredGeneration,
  prompts: PromptIndex,
  run: Optimization,
): GenerationShape {
  return {
    number,
    hypervolume,
    individuals: individuals.map((one) => individualOf(one, prompts, run)),
  };
}

function individualOf(
  one: StoredGeneration["individuals"][number],
  prompts: PromptIndex,
  { config, incumbentId }: Optimization,
): IndividualShape {
  const prompt = prompts.require(one.promptId);
  const { crowdingDistance, objectives, successes, trials } = one;
  return {
    promptId: prompt.id,
    version: prompt.version,
    status: prompt.status,
    tags: prompt.tags,
    operator: prompt.parents[0]?.operator ?? null,
    message: prompt.message,
    objectives,
    success: discountedEstimate({
      discounted: objectives.successRate,
      successes,
      trials,
      benchmarks: Math.max(1, trials),
    }),
    passed: successes,
    constraintViolation: one.constraintViolation,
    rank: one.rank,
    crowdingDistance: Number.isFinite(crowdingDistance) ? crowdingDistance : null,
    survived: one.survived,
    isIncumbent: prompt.id === incumbentId,
  };
}

/** Proofs have no population: more runs than one are looked through for the newest that has. */
const newestLooked = 20;

/** The newest population of an agent type: that of its newest optimization which has one. */
export async function agentFront(db: Executor, agentType: string): Promise<AgentFront> {
  const held = await getTag(db, agentType, prodTag);
  const { items } = await listOptimizations(db, { agentType, limit: newestLooked });
  for (const run of items) {
    const generations = await listGenerations(db, run.id);
    const last = generations.at(-1);
    if (last === undefined) continue;
    const { id, state, simulated } = run;
    const population = withProd(generations, last, held?.promptId ?? null);
    const prompts = await indexOf(db, [population], [run.incumbentId]);
    return {
      optimization: { id, state, generation: last.number, simulated },
      individuals: generationOf(population, prompts, run).individuals,
      prod: held === null ? null : (await PromptIndex.load(db, [held.promptId])).ref(held.promptId),
    };
  }
  return { optimization: null, individuals: [], prod: null };
}

/** The survivors of a generation, and prod as it was last measured when it did not survive. */
function withProd(
  generations: readonly StoredGeneration[],
  last: StoredGeneration,
  prodId: string | null,
): StoredGeneration {
  const kept = last.individuals.filter(({ survived, promptId }) => survived || promptId === prodId);
  if (kept.some(({ promptId }) => promptId === prodId)) return { ...last, individuals: kept };
  const earlier = generations.flatMap(({ individuals }) => individuals);
  const prod = earlier.findLast(({ promptId }) => promptId === prodId);
  return { ...last, individuals: prod === undefined ? kept : [...kept, prod] };
}
