import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDatabase, type Database } from "#lib/db/client.ts";
import { toJson } from "#lib/db/json.ts";
import { claimOptimization, requireOptimization } from "#lib/db/optimizations.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { createTrialPool } from "#lib/harness/pool.ts";
import { optimizationDetail as detailShape } from "#lib/http/shapes/optimization.ts";
import { optimizationPreview } from "#lib/http/shapes/preview.ts";
import { runReport as reportShape } from "#lib/http/shapes/report.ts";
import { optimizationDetail } from "#lib/http/views/optimization-view.ts";
import { usd, whole } from "#lib/http/views/report-html/figures.ts";
import { reportPage } from "#lib/http/views/report-html/report-page.ts";
import { runReport } from "#lib/http/views/run-report.ts";
import { previewOptimization } from "#lib/optimizations/preview.ts";
import { fitnessScores } from "#lib/registry/fitness.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { optimizationReport } from "./report.ts";
import type { RunOutcome } from "./run-contract.ts";
import { carryOut } from "./stored-run.ts";
import { prepareRun } from "./testing/small-run.ts";

const models = { keys: {} };
let testDatabase: TestDatabase;
let db: Database;
let close: () => Promise<void>;
let runId: string;
let outcome: RunOutcome;
let before: Awaited<ReturnType<typeof previewOf>>;

function previewOf(config = {}) {
  return previewOptimization(db, {
    agentType: "engineer",
    config: optimizationConfig.parse(config),
    prices: {},
    now: new Date("2026-11-23T12:00:00Z"),
  });
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  ({ db, close } = createDatabase({ url: testDatabase.url }));
  runId = await prepareRun(testDatabase.url, 3);
  before = await previewOf();
  const queued = await runReport(db, runId, new Date());
  expect(reportShape.parse(queued)).toMatchObject({
    optimization: { finished: false },
    winner: null,
    front: { before: [], after: [] },
  });
  expect(queued.cautions.join(" ")).toContain("Unfinished");
  expect(reportPage(queued)).toContain("unfinished: waiting to begin");
  const claimed = await claimOptimization(db, { owner: "test", leaseMs: 60_000, id: runId });
  if (claimed === null) throw new Error("nothing to take up");
  const pool = createTrialPool({ models, threads: 1 });
  outcome = await carryOut(claimed, { db, pool, models, clock: systemClock });
  await pool.close();
}, 180_000);

afterAll(async () => {
  await close();
  await testDatabase.drop();
});

test("spending by role adds up to what the ledger booked for the run", async () => {
  const detail = detailShape.parse(await optimizationDetail(db, runId, new Date()));
  const { spending } = detail;
  const sum = spending.roles.reduce((total, { spentUsd }) => total + spentUsd, 0);
  expect(sum).toBeCloseTo(detail.spentUsd, 9);
  expect(spending.totalUsd).toBeCloseTo(detail.spentUsd, 9);
  const task = spending.roles.find(({ role }) => role === "task");
  expect(task?.calls).toBe(await db.trial.count({ where: { optimizationId: runId } }));
  const proposer = spending.roles.find(({ role }) => role === "proposer");
  expect(proposer?.calls).toBe(
    await db.llmCall.count({ where: { optimizationId: runId, role: "proposer" } }),
  );
  expect(spending.confirmationUsd).toBeGreaterThan(0);
  expect(spending.confirmationUsd).toBeLessThan(task?.spentUsd ?? 0);
});

test("page, report as JSON and HTML, command line and ledger agree to the trial and the cent", async () => {
  const stored = await requireOptimization(db, runId);
  const page = detailShape.parse(await optimizationDetail(db, runId, new Date()));
  const report = reportShape.parse(await runReport(db, runId, new Date()));
  const printed = await optimizationReport(db, stored, outcome);
  const trials = await db.trial.count({ where: { optimizationId: runId } });
  const found = page.spending.foundTrials;
  for (const counted of [page.trialsDone, report.optimization.trials, printed.trials])
    expect(counted).toBe(trials + found);
  expect(trials).toBeLessThanOrEqual(stored.config.calls);
  const settled = await db.budgetReservation.findMany({
    where: { optimizationId: runId },
    select: { settledUsd: true },
  });
  const ledger = settled.reduce((sum, { settledUsd }) => sum + Number(settledUsd ?? 0), 0);
  for (const spent of [page.spentUsd, page.spending.totalUsd, report.spending.totalUsd])
    expect(spent).toBeCloseTo(ledger, 9);
  expect(printed.spending).toEqual(report.spending);
  const markup = reportPage(report);
  expect(markup).toContain(`and ${whole(trials + found)} trials of at most`);
  expect(markup).toContain(usd(ledger));
});

test("a prompt has one figure, the same in the population, the registry and the command line's report", async () => {
  const page = await optimizationDetail(db, runId, new Date());
  const shown = page.generationsDone.flatMap(({ individuals }) => individuals);
  const known = await fitnessScores(
    db,
    shown.map(({ promptId }) => promptId),
  );
  const printed = await optimizationReport(db, await requireOptimization(db, runId), outcome);
  const figureOf = new Map(
    printed.generations.flatMap(({ individuals }) =>
      individuals.map((one) => [one.version, one.figure]),
    ),
  );
  expect(shown.length).toBeGreaterThan(0);
  for (const { promptId, version, figure } of shown) {
    expect(known.get(promptId)).toMatchObject(figure);
    expect(figureOf.get(version)).toEqual(figure);
  }
  for (const { prompt_id: promptId, verdict } of page.finalists)
    if (verdict !== null && verdict.proof !== null)
      expect(known.get(promptId)).toMatchObject({ kind: "confirmed", ...verdict.candidateSuccess });
});

test("a report says what the best of as many equal prompts would have shown", async () => {
  const { searchedTwice, finalists } = await runReport(db, runId, new Date());
  expect(searchedTwice?.prompts).toBeGreaterThan(0);
  expect(searchedTwice?.low).toBeLessThanOrEqual(searchedTwice?.mean ?? 0);
  expect(searchedTwice?.high).toBeGreaterThanOrEqual(searchedTwice?.mean ?? 1);
  expect(finalists[0]?.searched).not.toBeNull();
});

test("a real run whose proposals came from a simulated model says so", async () => {
  const { config } = await db.optimization.findUniqueOrThrow({ where: { id: runId } });
  const real = { ...optimizationConfig.parse(config), proposerModel: "simulated" };
  await db.optimization.update({
    where: { id: runId },
    data: { simulated: false, config: toJson(real) },
  });
  const report = await runReport(db, runId, new Date());
  await db.optimization.update({
    where: { id: runId },
    data: { simulated: true, config: toJson(config) },
  });
  expect(report.cautions[0]).toContain("Proposals came from a simulated model");
  expect(reportPage(report)).toContain("proposals by a simulated model");
});

test("the report of a finished run holds its fronts, finalists, refusals and how to repeat it", async () => {
  const report = reportShape.parse(await runReport(db, runId, new Date()));
  const generations = await db.generation.count({ where: { optimizationId: runId } });
  expect(report.tried.generations).toHaveLength(generations);
  expect(report.front.before.some(({ isIncumbent }) => isIncumbent)).toBe(true);
  expect(report.finalists.length).toBeGreaterThan(0);
  for (const { verdict, payBack } of report.finalists) {
    expect(verdict).not.toBeNull();
    expect(payBack?.searchUsd).toBe(report.spending.totalUsd);
    const ratio = (payBack?.candidateUsdPerCall ?? 0) / (payBack?.baselineUsdPerCall ?? 1);
    expect(ratio).toBeCloseTo(verdict?.costRatio.value ?? 0, 6);
  }
  const made = report.tried.operators.reduce((sum, one) => sum + one.made, 0);
  const survived = report.tried.operators.reduce((sum, one) => sum + one.survived, 0);
  expect(report.tried.fellOut).toHaveLength(made - survived);
  expect(report.repeat.command).toContain("genepool optimize --agent engineer --from ");
  expect(report.repeat.command).toContain("--seed 3 --calls 220 --population 4");
  expect(report.repeat.suite.benchmarks).toBe(await db.benchmark.count());
  expect(Object.keys(report.repeat.models.companions)).toEqual(["critic", "planner"]);
  expect(report.cautions[0]).toContain("Simulated");
});

test("the winner's lineage begins at the incumbent and each step's diff leads from one prompt to the next", async () => {
  // Whether so small a run proves anything depends on its seed; the way to a proven finalist must not.
  const { finalists } = await runReport(db, runId, new Date());
  const [finalist] = finalists;
  if (finalist === undefined) throw new Error("the run has no finalist");
  const { verdict, experimentId } = finalist;
  await db.experiment.update({
    where: { id: experimentId },
    data: { verdict: toJson({ ...verdict, kind: "promote-eligible" }) },
  });
  const report = await runReport(db, runId, new Date());
  expect(report.winner?.id).toBe(finalist.prompt.id);
  expect(reportPage(report)).toContain("Calls to pay back");
  expect(report.lineage[0]?.prompt).toEqual(report.incumbent);
  expect(report.lineage.at(-1)?.prompt.id).toBe(report.winner?.id);
  for (const [k, step] of report.lineage.entries()) {
    if (k === 0) continue;
    const prompt = await db.prompt.findUniqueOrThrow({ where: { id: step.prompt.id } });
    const after = step.diff?.lines.filter(({ kind }) => kind !== "removed");
    expect(after?.map(({ text }) => text).join("")).toBe(prompt.content);
    expect(step.operator).not.toBeNull();
  }
});

test("the page loads nothing, runs nothing and shows each finalist and the command", async () => {
  const report = await runReport(db, runId, new Date());
  const page = reportPage(report);
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:/i);
  for (const { prompt } of report.finalists) expect(page).toContain(prompt.version);
  expect(page).toContain(report.repeat.configHash);
  expect(page).toContain("Simulated");
  expect(page).toContain("Cost per call (USD)");
});

test("hostile texts of prompts, causes and refusals stay texts on the page", async () => {
  const evil = `</pre><script>alert("x")</script><img src=x onerror='alert(1)'>`;
  const report = await runReport(db, runId, new Date());
  const page = reportPage({
    ...report,
    insights: report.insights.map((one) => ({
      ...one,
      statement: evil,
      evidence: [{ runId: "r", stepIndex: 0, quote: evil }],
    })),
    lineage: report.lineage.map((step) => ({
      ...step,
      message: evil,
      prompt: { ...step.prompt, version: evil },
      diff: step.diff && { ...step.diff, lines: [{ kind: "added" as const, text: evil }] },
    })),
    cautions: [evil],
    tried: {
      ...report.tried,
      refused: [{ generation: 0, operator: "reflect", guard: evil, reason: evil }],
    },
    front: {
      before: report.front.before.map((one) => ({ ...one, version: evil })),
      after: [],
    },
    optimization: { ...report.optimization, createdBy: evil, agentType: evil, outcome: evil },
  });
  expect(page).not.toMatch(/<script|<img/i);
  expect(page).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
});

test("an unknown run has no report", async () => {
  await expect(
    runReport(db, "00000000-0000-4000-8000-000000000000", new Date()),
  ).rejects.toMatchObject({ code: "not-found" });
});

test("a preview before anything was measured takes its figures from the price table and says so", () => {
  expect(optimizationPreview.parse(before).sources.task).toEqual({ from: "prices", n: 0 });
  expect(before.cautions.join(" ")).toContain("list prices");
  expect(before.trials.low).toBeLessThan(before.trials.high);
  expect(before.totalUsd?.low).toBeLessThan(before.totalUsd?.high ?? 0);
  expect(before.durationMs).toBeNull();
});

test("after a run the preview stands on its trials, and its ranges hold what the run really took", async () => {
  const run = await db.optimization.findUniqueOrThrow({ where: { id: runId } });
  const preview = await previewOf(run.config ?? {});
  const { trials, totalUsd, proposerCalls, sources } = optimizationPreview.parse(preview);
  expect(sources.task).toEqual({
    from: "trials",
    n: Math.min(500, await db.trial.count({ where: { optimizationId: runId } })),
  });
  // Today's success is what the run's own proof confirmed on sealed rows.
  const confirmed = (await fitnessScores(db, [run.incumbentId])).get(run.incumbentId);
  expect(preview.proof).toMatchObject({ todayFrom: "proofs", ordinal: 2 });
  expect(preview.proof.todayRate).toBeCloseTo(confirmed?.value ?? 0, 9);
  expect(run.result).toMatchObject({ trials: run.trialsDone });
  const spent = run.spentUsd.toNumber();
  expect(run.trialsDone).toBeGreaterThanOrEqual(trials.low);
  expect(run.trialsDone).toBeLessThanOrEqual(trials.high);
  expect(spent).toBeGreaterThanOrEqual(totalUsd?.low ?? Number.POSITIVE_INFINITY);
  expect(spent).toBeLessThanOrEqual(totalUsd?.high ?? 0);
  const asked = await db.llmCall.count({ where: { optimizationId: runId } });
  expect(asked).toBeGreaterThanOrEqual(proposerCalls.low);
  expect(asked).toBeLessThanOrEqual(proposerCalls.high);
});

test("a preview tells whether the cap of the run ends it early", async () => {
  const tight = await previewOf({ budget: { runCapUsd: 0.000_001 } });
  expect(tight.caps.run.ends).toBe("surely");
  expect(tight.cautions.join(" ")).toContain("cap of the run");
  const roomy = await previewOf({ budget: { runCapUsd: 100_000 } });
  expect(roomy.caps.run.ends).toBe("no");
});
