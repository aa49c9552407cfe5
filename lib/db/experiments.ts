import { z } from "zod";
import {
  type ExperimentKind,
  type ExperimentStatus,
  experimentKinds,
  experimentStatuses,
  type Verdict,
} from "#lib/domain/experiment.ts";
import { AppError } from "../errors.ts";
import type { Executor } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
import { toJson, toNullableJson } from "./json.ts";
import { readVerdict } from "./stored-verdict.ts";

export interface Experiment {
  id: string;
  optimizationId: string | null;
  generation: number | null;
  kind: ExperimentKind;
  agentType: string;
  promptId: string;
  baselinePromptId: string | null;
  benchmarkIds: string[];
  controlIds: string[];
  /** Of a proof: benchmarks that search, proposer and examples never saw. */
  sealedIds: string[];
  repeats: number;
  repeatOffset: number;
  status: ExperimentStatus;
  results: unknown;
  verdict: Verdict | null;
  simulated: boolean;
  createdAt: Date;
  finishedAt: Date | null;
}

export type NewExperiment = Omit<
  Experiment,
  "status" | "results" | "verdict" | "createdAt" | "finishedAt" | "sealedIds"
> & { sealedIds?: string[] };

/** Writes the experiment once; a resumed run that starts it again changes nothing. */
export async function startExperiment(db: Executor, experiment: NewExperiment): Promise<void> {
  await db.experiment.createMany({
    data: [{ ...experiment, status: "running" }],
    skipDuplicates: true,
  });
}

export async function finishExperiment(
  db: Executor,
  id: string,
  results: Record<string, unknown>,
  verdict: Verdict | null,
): Promise<void> {
  await db.experiment.updateMany({
    where: { id, status: { in: ["queued", "running"] } },
    data: {
      status: "finished",
      results: toJson(results),
      verdict: toNullableJson(verdict),
      finishedAt: new Date(),
    },
  });
}

/** Experiments that were running when their optimization ended early. */
export async function stopExperiments(db: Executor, optimizationId: string): Promise<void> {
  await db.experiment.updateMany({
    where: { optimizationId, status: { in: ["queued", "running"] } },
    data: { status: "stopped", finishedAt: new Date() },
  });
}

/** As `stopExperiments`, for one whose work was cancelled by itself. */
export async function stopExperiment(db: Executor, id: string): Promise<void> {
  await db.experiment.updateMany({
    where: { id, status: { in: ["queued", "running"] } },
    data: { status: "stopped", finishedAt: new Date() },
  });
}

/** Takes up again what `stopExperiments` left when its optimization ended early. */
export async function reopenExperiments(tx: Executor, optimizationId: string): Promise<void> {
  await tx.experiment.updateMany({
    where: { optimizationId, status: "stopped" },
    data: { status: "running", finishedAt: null },
  });
}

export async function getExperiment(db: Executor, id: string): Promise<Experiment | null> {
  const row = await db.experiment.findUnique({ where: { id } });
  return row === null ? null : fromRow(row);
}

export async function requireExperiment(db: Executor, id: string): Promise<Experiment> {
  const found = await getExperiment(db, id);
  if (found === null) throw new AppError("not-found", `There is no experiment ${id}.`);
  return found;
}

export async function listExperiments(
  db: Executor,
  query: {
    optimizationId?: string | undefined;
    promptId?: string | undefined;
    agentType?: string | undefined;
    kind?: ExperimentKind | undefined;
    status?: ExperimentStatus | undefined;
    limit: number;
    cursor?: string | undefined;
  },
): Promise<{ items: Experiment[]; nextCursor: string | null }> {
  const rows = await db.experiment.findMany({
    where: {
      ...(query.optimizationId === undefined ? {} : { optimizationId: query.optimizationId }),
      ...(query.promptId === undefined ? {} : { promptId: query.promptId }),
      ...(query.agentType === undefined ? {} : { agentType: query.agentType }),
      ...(query.kind === undefined ? {} : { kind: query.kind }),
      ...(query.status === undefined ? {} : { status: query.status }),
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: query.limit + 1,
    ...(query.cursor === undefined ? {} : { cursor: { id: query.cursor }, skip: 1 }),
  });
  const page = rows.slice(0, query.limit).map(fromRow);
  return { items: page, nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null };
}

function fromRow(row: Prisma.ExperimentModel): Experiment {
  return {
    ...row,
    kind: z.enum(experimentKinds).parse(row.kind),
    status: z.enum(experimentStatuses).parse(row.status),
    verdict: readVerdict(row.verdict),
  };
}

/** The newest finished confirmation of each prompt: the evidence that its review rests on. */
export async function latestConfirmations(
  db: Executor,
  promptIds: readonly string[],
): Promise<Map<string, Experiment>> {
  const rows = await db.experiment.findMany({
    where: { promptId: { in: [...promptIds] }, kind: "confirm", status: "finished" },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return new Map(rows.map((row) => [row.promptId, fromRow(row)]));
}
