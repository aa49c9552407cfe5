/** Prompts that people wrote, measured against production by the gate that the search's own finalists pass. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDatabase, type Database } from "#lib/db/client.ts";
import { claimOptimization, requireOptimization } from "#lib/db/optimizations.ts";
import { type PromptRecord, requirePrompt } from "#lib/db/prompts.ts";
import { type OptimizationConfig, optimizationConfig } from "#lib/domain/optimization.ts";
import { promptGenome } from "#lib/domain/prompt.ts";
import { createTrialPool, type TrialPool } from "#lib/harness/pool.ts";
import { runReport as reportShape } from "#lib/http/shapes/report.ts";
import { reportPage } from "#lib/http/views/report-html/report-page.ts";
import { runReport } from "#lib/http/views/run-report.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { approveCandidate } from "#lib/registry/decide.ts";
import { productionPrompt } from "#lib/registry/production.ts";
import { requireReview } from "#lib/registry/reviews.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makePrompt } from "#tests/factories.ts";
import { loadWorkbenchPrompt } from "#workbench/prompts/load.ts";
import { carryOut } from "./stored-run.ts";

const models = { keys: {} };
let testDatabase: TestDatabase;
let db: Database;
let close: () => Promise<void>;
let pool: TrialPool;
let incumbent: PromptRecord;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  ({ db, close } = createDatabase({ url: testDatabase.url }));
  pool = createTrialPool({ models, threads: 1 });
  await seedWorkbench(db);
  const production = await productionPrompt(db, "engineer");
  if (production === null) throw new Error("the workbench has no engineer in production");
  incumbent = production.prompt;
});

afterAll(async () => {
  await pool.close();
  await close();
  await testDatabase.drop();
});

/** A draft of the engineer that a person wrote. */
const draftOf = (content: string) =>
  makePrompt(db, {
    agentType: "engineer",
    genome: promptGenome.parse({ ...genomeOf(incumbent), content }),
    parents: [{ promptId: incumbent.id, operator: "person" }],
    createdBy: "eva",
  });

const genomeOf = ({ content, parameters, tools }: PromptRecord) => ({ content, parameters, tools });

function configOf(prove: string[], seed: number): OptimizationConfig {
  return optimizationConfig.parse({
    seed,
    prove,
    calls: 600,
    concurrency: 4,
  });
}

async function prove(prompts: readonly PromptRecord[], seed = 5) {
  const ids = prompts.map(({ id }) => id);
  const { id } = await queueOptimization(db, {
    agentType: "engineer",
    config: configOf(ids, seed),
    trigger: "person",
    createdBy: "eva",
  });
  const claimed = await claimOptimization(db, { owner: "test", leaseMs: 60_000, id });
  if (claimed === null) throw new Error("nothing to take up");
  const outcome = await carryOut(claimed, { db, pool, models, clock: systemClock });
  return { id, outcome };
}

const statusOf = async ({ id }: PromptRecord) => (await requirePrompt(db, id)).status;

test("a person's draft that is better becomes a candidate, one that is not stays out, and the loser of the day can be proven again", async () => {
  const better = await draftOf(loadWorkbenchPrompt("engineer-by-hand"));
  const rival = await draftOf(`${loadWorkbenchPrompt("engineer-by-hand")}\nBe polite.\n`);
  const worse = await draftOf(
    incumbent.content.replace("Try your design", "Never simulate. Do not try your design"),
  );
  const { id, outcome } = await prove([better, rival, worse]);
  expect(outcome.finalists.map(({ promptId }) => promptId)).toEqual([
    better.id,
    rival.id,
    worse.id,
  ]);
  expect(outcome.generations).toEqual([]);
  expect(outcome.summary).toMatch(/^Proof of 3 prompts: [12] waits? for review\.$/);
  expect(await requireOptimization(db, id)).toMatchObject({ state: "finished" });
  expect(await db.llmCall.count({ where: { optimizationId: id } })).toBe(0);
  expect(await statusOf(worse)).toBe("experimental");
  const [winner] = outcome.candidates;
  const first = winner?.promptId === better.id ? better : rival;
  const other = first === better ? rival : better;
  expect(await statusOf(first)).toBe("candidate");
  // One arm of the incumbent serves all three.
  const trials = await db.trial.groupBy({
    by: ["promptId"],
    where: { optimizationId: id, repeat: { gte: 1_000 } },
    _count: true,
  });
  expect(trials.map(({ promptId }) => promptId).sort()).toEqual(
    [incumbent.id, better.id, rival.id, worse.id].sort(),
  );

  const report = reportShape.parse(await runReport(db, id, new Date()));
  const versions = [better, rival, worse].map(({ version }) => version);
  expect(report.optimization.proves.map(({ version }) => version)).toEqual(versions);
  expect(report.winner?.id).toBe(first.id);
  expect(report.repeat.command).toMatch(
    `genepool prompts prove ${versions.map((version) => `engineer@${version}`).join(" ")} --seed 5`,
  );
  const page = reportPage(report);
  expect(page).toContain(`${versions.join(", ")} against ${incumbent.version}`);
  expect(page).not.toContain("Front before and after");

  const review = await requireReview(db, first.id);
  expect(review).toMatchObject({ blocked: null, experiment: { baselinePromptId: incumbent.id } });
  await approveCandidate(db, {
    promptId: first.id,
    reviewer: "ada",
    reason: "better on the sealed rows",
    evidenceDigest: review.evidenceDigest,
    prodGeneration: review.prodGeneration,
  });

  // A finalist that waits for a decision that cannot be taken any more leaves the queue when the new proof says no.
  const again = await prove([other], 6);
  expect(again.outcome.finalists).toMatchObject([{ promptId: other.id }]);
  expect(await requireOptimization(db, again.id)).toMatchObject({ incumbentId: first.id });
  expect(again.outcome.candidates).toEqual([]);
  expect(await statusOf(other)).toBe("experimental");
}, 240_000);

test("a prompt that holds sealed rows is refused before a trial is paid", async () => {
  const rows = await db.benchmark.findMany({ where: { retiredAt: null }, take: 200 });
  const crammed = await draftOf(
    `${incumbent.content}\n${rows
      .slice(0, 60)
      .map(({ input }) => `- {% raw %}${input}{% endraw %}`)
      .join("\n")}\n`,
  );
  const trials = await db.trial.count();
  await expect(prove([crammed])).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("sealed for the proof"),
  });
  expect(await db.trial.count()).toBe(trials);
});
