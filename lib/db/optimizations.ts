import { z } from "zod";
import {
  type OptimizationConfig,
  type OptimizationState,
  optimizationStates,
  readStoredConfig,
} from "#lib/domain/optimization.ts";
import { AppError } from "../errors.ts";
import type { Database, Executor } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { toJson, toNullableJson } from "./json.ts";
import { enqueue, type OutboxTopic } from "./outbox.ts";

/** One run of the optimizer as it is stored; money in USD. */
export interface Optimization {
  id: string;
  agentType: string;
  seed: number;
  config: OptimizationConfig;
  configHash: string;
  state: OptimizationState;
  trigger: string;
  createdBy: string;
  incumbentId: string;
  /** Prompt ids of the other agents of the system, by agent type. */
  companions: Record<string, string>;
  step: string | null;
  generation: number;
  trialsPlanned: number;
  trialsDone: number;
  capUsd: number;
  reservedUsd: number;
  spentUsd: number;
  leaseOwner: string | null;
  stopRequestedAt: Date | null;
  outcome: string | null;
  failure: string | null;
  result: unknown;
  simulated: boolean;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** When it was last taken up again after an end: its wall clock counts from then. */
  resumedAt: Date | null;
  /** What it waits for outside the product, in words, and since when. */
  waiting: { reason: string; since: Date } | null;
}

export interface NewOptimization {
  id: string;
  agentType: string;
  config: OptimizationConfig;
  configHash: string;
  trigger: string;
  createdBy: string;
  incumbentId: string;
  companions: Record<string, string>;
  simulated: boolean;
}

const companionIds = z.record(z.string(), z.string());

export async function createOptimization(
  db: Executor,
  input: NewOptimization,
): Promise<Optimization> {
  const row = await db.optimization.create({
    data: {
      id: input.id,
      agentType: input.agentType,
      seed: BigInt(input.config.seed),
      config: toJson(input.config),
      configHash: input.configHash,
      state: "queued",
      trigger: input.trigger,
      createdBy: input.createdBy,
      incumbentId: input.incumbentId,
      companions: toJson(input.companions),
      capUsd: input.config.budget.runCapUsd,
      simulated: input.simulated,
    },
  });
  return fromRow(row);
}

export async function getOptimization(db: Executor, id: string): Promise<Optimization | null> {
  const row = await db.optimization.findUnique({ where: { id } });
  return row === null ? null : fromRow(row);
}

export async function requireOptimization(db: Executor, id: string): Promise<Optimization> {
  const found = await getOptimization(db, id);
  if (found === null) throw new AppError("not-found", `There is no optimization ${id}.`);
  return found;
}

/** Newest first; `cursor` is the id of the last one of the page before. */
export async function listOptimizations(
  db: Executor,
  query: {
    agentType?: string;
    states?: readonly OptimizationState[];
    limit: number;
    cursor?: string;
  },
): Promise<{ items: Optimization[]; nextCursor: string | null }> {
  const rows = await db.optimization.findMany({
    where: {
      ...(query.agentType === undefined ? {} : { agentType: query.agentType }),
      ...(query.states === undefined ? {} : { state: { in: [...query.states] } }),
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: query.limit + 1,
    ...(query.cursor === undefined ? {} : { cursor: { id: query.cursor }, skip: 1 }),
  });
  const page = rows.slice(0, query.limit).map(fromRow);
  return { items: page, nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null };
}

/**
 * Takes the oldest optimization that waits or whose owner's lease has run out; null when there is none. One agent type
 * has at most one optimization running: two searches would compete for the same incumbent.
 */
export async function claimOptimization(
  db: Database,
  claim: { owner: string; leaseMs: number; id?: string },
): Promise<Optimization | null> {
  const only = claim.id === undefined ? Prisma.empty : Prisma.sql`AND o.id = ${claim.id}::uuid`;
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE optimizations SET
      state = CASE WHEN state = 'stopping' THEN 'stopping' ELSE 'running' END,
      lease_owner = ${claim.owner},
      lease_until = now() + ${claim.leaseMs} * interval '1 millisecond',
      started_at = coalesce(started_at, now())
    WHERE id = (
      SELECT o.id FROM optimizations o
      WHERE (o.state = 'queued' OR (o.state IN ('running', 'stopping') AND o.lease_until < now())) ${only}
        AND NOT EXISTS (
          SELECT 1 FROM optimizations other
          WHERE other.agent_type = o.agent_type AND other.id <> o.id
            AND other.state IN ('running', 'stopping') AND other.lease_until >= now())
      ORDER BY o.created_at, o.id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  const id = rows[0]?.id;
  return id === undefined ? null : requireOptimization(db, id);
}

/** Queues a run that ended early once more; its stored steps, trials and replies are read and not made again. */
export async function requeueOptimization(tx: Executor, id: string, now: Date): Promise<void> {
  await tx.optimization.update({
    where: { id },
    data: {
      state: "queued",
      stopRequestedAt: null,
      outcome: null,
      failure: null,
      result: Prisma.DbNull,
      finishedAt: null,
      resumedAt: now,
    },
  });
}

/** Extends the lease; false when another process has taken the run over, and its work must stop at once. */
export async function renewLease(
  db: Executor,
  id: string,
  owner: string,
  leaseMs: number,
): Promise<boolean> {
  const changed = await db.$executeRaw`
    UPDATE optimizations SET lease_until = now() + ${leaseMs} * interval '1 millisecond'
    WHERE id = ${id}::uuid AND lease_owner = ${owner} AND state IN ('running', 'stopping')`;
  return changed === 1;
}

/** Gives the run back unfinished, so that the next process need not wait for the lease to run out. */
export async function releaseLease(db: Executor, id: string, owner: string): Promise<void> {
  await db.$executeRaw`
    UPDATE optimizations SET lease_until = now() - interval '1 second'
    WHERE id = ${id}::uuid AND lease_owner = ${owner} AND state IN ('running', 'stopping')`;
}

/** One statement, so that a run which ends here is told of with or without the caller's transaction. */
export async function requestStop(db: Executor, id: string): Promise<Optimization> {
  const topic: OutboxTopic = "optimization.finished";
  await db.$executeRaw`
    WITH asked AS (
      UPDATE optimizations SET
        stop_requested_at = coalesce(stop_requested_at, now()),
        state = CASE WHEN state = 'queued' THEN 'stopped' ELSE 'stopping' END,
        outcome = CASE WHEN state = 'queued' THEN 'Stopped before it began.' ELSE outcome END,
        finished_at = CASE WHEN state = 'queued' THEN now() ELSE finished_at END
      WHERE id = ${id}::uuid AND state IN ('queued', 'running', 'stopping')
      RETURNING *)
    INSERT INTO outbox (topic, payload)
    SELECT ${topic}, jsonb_build_object(
      'optimizationId', id, 'agentType', agent_type, 'state', state, 'outcome', outcome, 'failure', failure,
      'trialsDone', trials_done, 'spentUsd', spent_usd + overshoot_usd, 'candidateIds', '[]'::jsonb,
      'simulated', simulated)
    FROM asked WHERE state = 'stopped'`;
  return requireOptimization(db, id);
}

/** Whether trials of a run are to end: somebody asked for it, or the run has failed. */
export async function isStopRequested(db: Executor, id: string): Promise<boolean> {
  const row = await db.optimization.findUnique({
    where: { id },
    select: { stopRequestedAt: true, state: true },
  });
  // Workers that outlive the optimizer of a failed run must not go on spending for it.
  return row !== null && (row.stopRequestedAt !== null || row.state === "failed");
}

export async function reportProgress(
  db: Executor,
  id: string,
  progress: { step: string; generation: number; trialsPlanned: number },
): Promise<void> {
  await db.optimization.update({ where: { id }, data: progress });
}

/** Says what the run waits for, or with null that it goes on. */
export async function setWaiting(
  db: Executor,
  id: string,
  waiting: { reason: string; since: Date } | null,
): Promise<void> {
  await db.optimization.update({
    where: { id },
    data: { waitingFor: waiting?.reason ?? null, waitingSince: waiting?.since ?? null },
  });
}

/** Says how many trials a run has behind it; once it has ended, its end has said so. */
export async function setTrialsDone(db: Executor, id: string, trialsDone: number): Promise<void> {
  await db.optimization.updateMany({ where: { id, finishedAt: null }, data: { trialsDone } });
}

/** Ends a run and tells the outside, in the caller's transaction. */
export async function finishOptimization(
  tx: Executor,
  id: string,
  end: {
    state: "finished" | "stopped" | "failed";
    outcome: string;
    failure: string | null;
    result: unknown;
    /** Trials that count; left out where only the last progress is known. */
    trials?: number;
    /** Prompts that now wait for a review. */
    candidateIds: readonly string[];
  },
): Promise<void> {
  const { state, outcome, failure, candidateIds } = end;
  const row = await tx.optimization.update({
    where: { id },
    data: {
      state,
      outcome,
      failure,
      result: toNullableJson(end.result),
      ...(end.trials === undefined ? {} : { trialsDone: end.trials }),
      finishedAt: new Date(),
      leaseUntil: null,
      waitingFor: null,
      waitingSince: null,
    },
  });
  await enqueue(tx, "optimization.finished", {
    optimizationId: id,
    agentType: row.agentType,
    state,
    outcome,
    failure,
    trialsDone: row.trialsDone,
    spentUsd: row.spentUsd.add(row.overshootUsd).toNumber(),
    candidateIds,
    simulated: row.simulated,
  });
}

function fromRow({
  waitingFor: reason,
  waitingSince: since,
  ...row
}: Prisma.OptimizationModel): Optimization {
  return {
    ...row,
    waiting: reason === null || since === null ? null : { reason, since },
    seed: Number(row.seed),
    config: readStoredConfig(row.config),
    state: z.enum(optimizationStates).parse(row.state),
    companions: companionIds.parse(row.companions),
    capUsd: row.capUsd.toNumber(),
    reservedUsd: row.reservedUsd.toNumber(),
    spentUsd: row.spentUsd.toNumber(),
  };
}

const measuredBeforeMax = 300;

/**
 * Ids of the prompts that earlier runs of the same agent type measured, newest first. Only runs that had ended when this
 * one was created, so that a resumed run sees the same, and none that this one repeats.
 */
export async function promptsMeasuredBefore(db: Executor, id: string): Promise<string[]> {
  const { agentType, createdAt, configHash, incumbentId } = await requireOptimization(db, id);
  const rows = await db.individual.findMany({
    where: {
      trials: { gt: 0 },
      owner: {
        optimization: {
          agentType,
          finishedAt: { lte: createdAt },
          NOT: { configHash, incumbentId },
        },
      },
    },
    distinct: ["promptId"],
    select: { promptId: true },
    orderBy: [{ owner: { at: "desc" } }, { promptId: "asc" }],
    take: measuredBeforeMax,
  });
  return rows.map(({ promptId }) => promptId);
}
