import { appendAudit } from "#lib/audit/append-audit.ts";
import type { Database, Executor } from "#lib/db/client.ts";
import { finishExperiment, startExperiment } from "#lib/db/experiments.ts";
import {
  isStopRequested,
  type Optimization,
  promptsMeasuredBefore,
  reportProgress,
} from "#lib/db/optimizations.ts";
import { enqueue } from "#lib/db/outbox.ts";
import { loadPrompts, requirePrompt } from "#lib/db/prompts.ts";
import { closeProof, openProof } from "#lib/db/proofs.ts";
import { readStep, writeGeneration, writeInsights, writeStep } from "#lib/db/search-records.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { deterministicUuid } from "#lib/deterministic-uuid.ts";
import { searchPrompt } from "#lib/engine/load-shape.ts";
import { AppError } from "#lib/errors.ts";
import { createPrompt } from "#lib/registry/create-prompt.ts";
import { transitionPrompt } from "#lib/registry/lifecycle.ts";
import type { NewPrompt, Registration, RunStore } from "../ports.ts";

/** The run store over Postgres; every write may be repeated by a resumed run. */
export function createPrismaRunStore(
  db: Database,
  optimization: Pick<Optimization, "id" | "agentType" | "simulated">,
  suite: string,
): RunStore {
  const { id: optimizationId, agentType, simulated } = optimization;
  const actor = "optimizer";

  async function registerPrompt(prompt: NewPrompt): Promise<Registration> {
    try {
      const { prompt: row, created } = await createPrompt(db, {
        agentType,
        genome: prompt.genome,
        change: "optimizer",
        parents: prompt.parentIds.map((promptId) => ({
          promptId,
          operator: prompt.operator,
          operatorArguments: prompt.operatorArguments,
        })),
        createdBy: actor,
        message: prompt.message.slice(0, 500),
        optimizationId,
        generation: prompt.generation,
      });
      return { state: "registered", prompt: searchPrompt(row), created };
    } catch (error) {
      // What the registry refuses is a refused child, not a failed run; everything else is one.
      if (error instanceof AppError && error.code === "invalid")
        return { state: "refused", reason: error.message };
      throw error;
    }
  }

  return {
    readStep: (generation, step) => readStep(db, optimizationId, generation, step),
    writeStep: (generation, step, output) =>
      writeStep(db, optimizationId, generation, step, output),
    registerPrompt,
    loadPrompts: async (ids) => (await loadPrompts(db, ids)).map(searchPrompt),
    measuredBefore: async () => {
      const ids = await promptsMeasuredBefore(db, optimizationId);
      return (await loadPrompts(db, ids)).map(searchPrompt);
    },
    markExperimental: async (promptIds) => {
      for (const prompt of await loadPrompts(db, promptIds)) {
        if (prompt.status !== "draft") continue;
        const reason = `Trial in optimization ${optimizationId}`;
        await transitionPrompt(db, {
          promptId: prompt.id,
          from: "draft",
          to: "experimental",
          actor,
          reason,
        });
      }
    },
    startExperiment: (experiment) =>
      startExperiment(db, { ...experiment, optimizationId, agentType, simulated }),
    finishExperiment: (id, results, verdict) => finishExperiment(db, id, results, verdict),
    writeGeneration: (number, hypervolume, individuals) =>
      writeGeneration(db, optimizationId, { number, hypervolume, individuals }),
    writeInsights: (insights) =>
      writeInsights(
        db,
        optimizationId,
        insights.map((insight) => ({
          ...insight,
          id: deterministicUuid(optimizationId, insight.signature),
        })),
      ),
    openProof: async (incumbentId) => {
      const { entry, before } = await openProof(db, { optimizationId, incumbentId, suite });
      const uses = new Map<string, number>();
      for (const group of before.flatMap(({ groupHashes }) => groupHashes))
        uses.set(group, (uses.get(group) ?? 0) + 1);
      return { ordinal: entry.ordinal, alpha: entry.alpha, uses };
    },
    closeProof: (_, result) => closeProof(db, optimizationId, result),
    nominate: async (candidates) => {
      for (const candidate of candidates)
        await inTransaction(db, (tx) => nominate(tx, candidate, { optimizationId, actor }));
    },
    withdraw: async (unproven) => {
      for (const one of unproven)
        await inTransaction(db, (tx) => withdraw(tx, one, { optimizationId, actor }));
    },
    reportProgress: (progress) => reportProgress(db, optimizationId, progress),
    isStopRequested: () => isStopRequested(db, optimizationId),
  };
}

type Judged = Parameters<RunStore["nominate"]>[0][number];

async function nominate(
  tx: Executor,
  { promptId, experimentId, verdict }: Judged,
  { optimizationId, actor }: { optimizationId: string; actor: string },
): Promise<void> {
  const { status, agentType, version } = await requirePrompt(tx, promptId);
  // A prompt that is in use, or that a person rejected meanwhile, stays what it is.
  if (status !== "experimental" && status !== "candidate") return;
  const reason = verdict.sentence;
  // One that waits already has newer evidence now, which is told once.
  if (status === "experimental")
    await transitionPrompt(tx, { promptId, from: status, to: "candidate", actor, reason });
  else if (await isTold(tx, experimentId)) return;
  await appendAudit(tx, {
    actor,
    action: "prompt.nominated",
    subject: `prompt:${promptId}`,
    before: { status },
    after: { status: "candidate", optimizationId, experimentId, verdict: verdict.kind },
  });
  await enqueue(
    tx,
    "prompt.candidate",
    {
      agentType,
      promptId,
      version,
      actor,
      reason,
      verdict: verdict.kind,
      optimizationId,
      experimentId,
    },
    { onceKey: toldKey(experimentId) },
  );
}

const toldKey = (experimentId: string) => `prompt.candidate ${experimentId}`;

async function isTold(tx: Executor, experimentId: string): Promise<boolean> {
  return (await tx.outbox.count({ where: { onceKey: toldKey(experimentId) } })) > 0;
}

async function withdraw(
  tx: Executor,
  { promptId, experimentId, verdict }: Judged,
  { optimizationId, actor }: { optimizationId: string; actor: string },
): Promise<void> {
  const { status } = await requirePrompt(tx, promptId);
  if (status !== "candidate") return;
  const reason = verdict.sentence;
  await transitionPrompt(tx, { promptId, from: status, to: "experimental", actor, reason });
  await appendAudit(tx, {
    actor,
    action: "prompt.withdrawn",
    subject: `prompt:${promptId}`,
    before: { status },
    after: { status: "experimental", optimizationId, experimentId, verdict: verdict.kind },
  });
}
