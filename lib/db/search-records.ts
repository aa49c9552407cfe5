/** What a search has written down: outputs of its steps, its generations and its insights. */
import { z } from "zod";
import type { Insight } from "#lib/domain/insight.ts";
import type { Objectives } from "#lib/domain/objective.ts";
import type { Database, Executor } from "./client.ts";
import { toJson } from "./json.ts";

export async function readStep(
  db: Executor,
  optimizationId: string,
  generation: number,
  step: string,
): Promise<unknown> {
  const where = { optimizationId_generation_step: { optimizationId, generation, step } };
  return (await db.optimizationStep.findUnique({ where }))?.output ?? null;
}

export async function listSteps(
  db: Executor,
  optimizationId: string,
): Promise<{ generation: number; step: string; output: unknown; at: Date }[]> {
  const rows = await db.optimizationStep.findMany({
    where: { optimizationId },
    orderBy: [{ at: "asc" }],
  });
  return rows.map(({ generation, step, output, at }) => ({ generation, step, output, at }));
}

/** The first writer wins: a resumed run that computes the same output again changes nothing. */
export async function writeStep(
  db: Executor,
  optimizationId: string,
  generation: number,
  step: string,
  output: unknown,
): Promise<void> {
  await db.optimizationStep.createMany({
    data: [{ optimizationId, generation, step, output: toJson(output) }],
    skipDuplicates: true,
  });
}

export interface StoredIndividual {
  promptId: string;
  objectives: Objectives;
  trials: number;
  successes: number;
  constraintViolation: number;
  rank: number;
  crowdingDistance: number;
  survived: boolean;
}

export async function writeGeneration(
  db: Database,
  optimizationId: string,
  generation: { number: number; hypervolume: number; individuals: readonly StoredIndividual[] },
): Promise<void> {
  const { number, hypervolume, individuals } = generation;
  await db.$transaction([
    db.generation.createMany({
      data: [{ optimizationId, number, hypervolume }],
      skipDuplicates: true,
    }),
    db.individual.createMany({
      data: individuals.map(({ objectives, crowdingDistance, ...rest }) => ({
        ...rest,
        ...objectives,
        optimizationId,
        generation: number,
        crowdingDistance: Number.isFinite(crowdingDistance) ? crowdingDistance : null,
      })),
      skipDuplicates: true,
    }),
  ]);
}

export interface StoredGeneration {
  number: number;
  hypervolume: number;
  individuals: StoredIndividual[];
}

export async function listGenerations(
  db: Executor,
  optimizationId: string,
): Promise<StoredGeneration[]> {
  const rows = await db.generation.findMany({
    where: { optimizationId },
    include: { individuals: { orderBy: [{ rank: "asc" }, { promptId: "asc" }] } },
    orderBy: { number: "asc" },
  });
  return rows.map((row) => ({
    number: row.number,
    hypervolume: row.hypervolume,
    individuals: row.individuals.map((individual) => ({
      promptId: individual.promptId,
      objectives: {
        successRate: individual.successRate,
        costUsd: individual.costUsd,
        latencyMs: individual.latencyMs,
      },
      trials: individual.trials,
      successes: individual.successes,
      constraintViolation: individual.constraintViolation,
      rank: individual.rank,
      crowdingDistance: individual.crowdingDistance ?? Number.POSITIVE_INFINITY,
      survived: individual.survived,
    })),
  }));
}

/** Replaces the insights of a run: the hypotheses are computed as a whole. */
export async function writeInsights(
  db: Database,
  optimizationId: string,
  insights: readonly (Insight & { id: string })[],
): Promise<void> {
  await db.$transaction([
    db.insight.deleteMany({ where: { optimizationId } }),
    db.insight.createMany({
      data: insights.map((insight) => ({
        ...insight,
        evidence: toJson(insight.evidence),
        optimizationId,
      })),
    }),
  ]);
}

const evidence = z.array(z.object({ runId: z.string(), stepIndex: z.number(), quote: z.string() }));

export async function listInsights(
  db: Executor,
  optimizationId: string,
): Promise<(Insight & { id: string })[]> {
  const rows = await db.insight.findMany({
    where: { optimizationId },
    orderBy: [{ count: "desc" }, { signature: "asc" }],
  });
  return rows.map(({ optimizationId: _owner, createdAt: _at, ...row }) => ({
    ...row,
    evidence: evidence.parse(row.evidence),
  }));
}
