import { randomUUID } from "node:crypto";
import type { Database } from "#lib/db/client.ts";
import { toJson } from "#lib/db/json.ts";
import { closeProof, openProof } from "#lib/db/proofs.ts";
import { recordRuns } from "#lib/journal/record-runs.ts";
import { approveCandidate } from "#lib/registry/decide.ts";
import { releaseWithoutProof } from "#lib/registry/release.ts";
import { requireReview } from "#lib/registry/reviews.ts";
import { rollBackTag } from "#lib/registry/tags.ts";
import { updateSettings } from "#lib/settings/settings.ts";
import { importSuite } from "#lib/suites/import-suite.ts";
import {
  makeAgentType,
  makeCandidate,
  makeOptimization,
  makeProduction,
  makePrompt,
  makeRun,
} from "#tests/factories.ts";

/** Rows of every kind in a database, with an approval, a roll-back and a release behind the tag; answers the optimization's id. */
export async function fillDatabase(db: Database): Promise<string> {
  await makeAgentType(db, { description: "Line\u2028separator, “quotes”, \\ and 😀" });
  await importSuite(db, {
    suite: "test",
    text: '{"id":"one","input":"1 + 1","expected":"2"}\n{"id":"two","input":"a","expected":"x","labels":["x","y"]}\n',
    actor: "test",
  });
  const first = await makeProduction(db);
  const candidate = await makeCandidate(db, first);
  const { evidenceDigest, prodGeneration } = await requireReview(db, candidate.id);
  const decision = { promptId: candidate.id, reviewer: "anna", reason: "better" };
  await approveCandidate(db, { ...decision, evidenceDigest, prodGeneration });
  await rollBackTag(db, {
    agentType: "engineer",
    expectedGeneration: 2,
    actor: "anna",
    reason: "worse after all",
  });
  const settings = { dayCapUsd: 12.5, automation: "manual", releaseWithoutProof: true } as const;
  await updateSettings(db, settings, "anna");
  const { id: hotfixId } = await makePrompt(db);
  const hotfix = { promptId: hotfixId, actor: "anna", prodGeneration: 3 };
  await releaseWithoutProof(db, { ...hotfix, reason: "the tool was renamed" });
  const steps = [{ agentType: "engineer", kind: "message" as const, text: "I add." }];
  await recordRuns(
    db,
    [
      makeRun({ promptId: first.id, costUsd: 1e-7, steps }),
      makeRun({ outcome: "failure", errorSignature: "timeout" }),
    ],
    { source: "api" },
  );
  const optimizationId = await makeOptimization(db, first);
  await searchRows(db, { optimizationId, promptId: first.id });
  return optimizationId;
}

async function searchRows(
  db: Database,
  { optimizationId, promptId }: { optimizationId: string; promptId: string },
): Promise<void> {
  const of = { optimizationId };
  await db.optimizationStep.create({
    data: { ...of, generation: 0, step: "seed", output: { promptIds: [promptId] } },
  });
  await db.generation.create({ data: { ...of, number: 0, hypervolume: 0.1 + 0.2 } });
  await db.individual.create({
    data: {
      ...of,
      generation: 0,
      promptId,
      successRate: 1 / 3,
      costUsd: 0.001,
      latencyMs: 1_234.5,
      trials: 3,
      successes: 1,
      constraintViolation: 0,
      rank: 1,
      crowdingDistance: null,
      survived: true,
    },
  });
  await db.insight.create({
    data: {
      ...of,
      id: randomUUID(),
      agentType: "engineer",
      signature: "timeout",
      statement: "It runs out of time.",
      count: 2,
      share: 0.5,
      failedRuns: 4,
      evidence: toJson([{ runId: "r" }]),
    },
  });
  await openProof(db, { ...of, incumbentId: promptId, suite: "test" });
  await closeProof(db, optimizationId, { groups: ["a group"], claimed: true });
  const benchmark = await db.benchmark.findFirstOrThrow({ where: { externalId: "one" } });
  await db.trial.create({
    data: {
      ...of,
      evaluationKey: "a".repeat(64),
      agentType: "engineer",
      promptId,
      benchmarkId: benchmark.id,
      arm: "candidate",
      runSeed: 9_007_199_254_740_993n,
      repeat: 0,
      outcome: "success",
      score: 1,
      costUsd: 0.002,
      inputTokens: 10,
      outputTokens: 5,
      latencyMs: 20,
      trace: { steps: [{ text: "ok", at: 1.5e-9 }] },
    },
  });
  await db.llmCall.create({
    data: {
      ...of,
      callKey: "b".repeat(64),
      role: "coach",
      model: "simulated",
      inputTokens: 1,
      outputTokens: 2,
      costUsd: 0.000_001,
      latencyMs: 3,
      reply: { text: "try this" },
    },
  });
  const day = new Date("2026-01-02");
  await db.budgetDay.create({ data: { day, capUsd: 50, spentUsd: "0.000000001" } });
  await db.budgetReservation.create({
    data: {
      ...of,
      id: randomUUID(),
      day,
      workKey: "w",
      role: "trial",
      amountUsd: "1.5",
      settledUsd: "0.000000001",
      state: "settled",
      billable: true,
      leaseUntil: new Date("2026-01-02T01:00:00Z"),
      settledAt: new Date("2026-01-02T00:30:00Z"),
    },
  });
  await db.optimization.update({
    where: { id: optimizationId },
    data: { state: "finished", outcome: "nothing better", finishedAt: new Date() },
  });
}
