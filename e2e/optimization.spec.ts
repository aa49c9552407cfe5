import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { claimOptimization } from "#lib/db/optimizations.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { createTrialPool } from "#lib/harness/pool.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { carryOut } from "#optimizer/stored-run.ts";
import { type Product, seriousViolations, signedIn, startProduct } from "./product.ts";

let product: Product;
let finishedId: string;

// The first start builds the web app, unless the caller has.
const startMaxMs = 600_000;

beforeAll(async () => {
  product = await startProduct();
  finishedId = await finishedRun();
}, startMaxMs);

afterAll(async () => {
  await product?.stop();
});

/** A small run of the engineer with a simulated model, carried out to its end. */
async function finishedRun(): Promise<string> {
  const { db } = product;
  await seedWorkbench(db);
  const { id } = await queueOptimization(db, {
    agentType: "engineer",
    config: optimizationConfig.parse({
      seed: 3,
      calls: 220,
      populationSize: 4,
      offspringSize: 4,
      concurrency: 4,
    }),
    trigger: "test",
    createdBy: "test",
  });
  const claimed = await claimOptimization(db, { owner: "test", leaseMs: 600_000, id });
  if (claimed === null) throw new Error("nothing to take up");
  const models = { keys: {} };
  const pool = createTrialPool({ models, threads: 1 });
  await carryOut(claimed, { db, pool, models, clock: systemClock });
  await pool.close();
  return id;
}

test("the report of a finished run opens from its page, in light and dark, without a barrier or a script", async () => {
  const { page, context, complaints } = await signedIn(product, "ida", "viewer");
  await page.goto(`/optimizations/${finishedId}`);
  await page.getByRole("heading", { name: "Spending" }).waitFor();
  await page.getByRole("row", { name: /Writing prompts/ }).waitFor();
  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: "Report" }).click();
  const report = await opened;
  await report.getByRole("heading", { name: "How to repeat it" }).waitFor();
  expect(await report.getByRole("img", { name: "Front before and after" }).count()).toBe(1);
  expect(await report.locator("script").count()).toBe(0);
  for (const colorScheme of ["light", "dark"] as const) {
    await report.emulateMedia({ colorScheme });
    expect(await seriousViolations(report)).toEqual([]);
  }
  await report.setViewportSize({ width: 360, height: 740 });
  expect(await report.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(complaints).toEqual([]);
  await context.close();
});

test("an engineer sees what an optimization would take, changes it, and starts it", async () => {
  const { page, context, complaints } = await signedIn(product, "gus", "engineer");
  await page.goto("/agents/engineer");
  await page.getByRole("button", { name: "Start optimization" }).first().click();
  const dialogue = page.getByRole("dialog", { name: "Start an optimization of the engineer" });
  const cost = dialogue.getByRole("row", { name: /^Cost/ });
  await cost.waitFor();
  expect(await cost.textContent()).toMatch(/\$[\d.]+ – \$[\d.]+/);
  await dialogue
    .getByText(/earlier trials, n/)
    .first()
    .waitFor();
  const proof = dialogue.getByRole("region", { name: "What can be proven" });
  await proof.getByText(/Can prove a gain of/).waitFor();
  await proof.getByText("Smallest drop it can exclude").waitFor();
  const stages = dialogue.getByRole("region", { name: "Calls of each stage" });
  const race = stages.getByRole("row", { name: /^race/ });
  const before = await race.textContent();
  await dialogue.getByLabel("Calls", { exact: true }).fill("600");
  await expect.poll(() => race.textContent()).not.toBe(before);
  await stages.getByText("Nobody declared whether repeats differ: 8 rows run twice").waitFor();
  await dialogue.getByText(/^Stage sizes/).click();
  await dialogue.getByLabel("Sealed rows of the proof").fill("20");
  await stages.getByText(/^20 sealed rows/).waitFor();
  const start = dialogue.getByRole("button", { name: "Start", exact: true });
  await dialogue.getByLabel("Calls", { exact: true }).fill("5");
  await dialogue.getByText("40 to 100000").waitFor();
  expect(await start.isDisabled()).toBe(true);
  await dialogue.getByLabel("Calls", { exact: true }).fill("600");
  await dialogue.getByLabel("Cap of the run").fill("0.01");
  await dialogue.getByText("The cap of the run would end it early").waitFor();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousViolations(page)).toEqual([]);
  }
  await dialogue.getByLabel("Cap of the run").fill("5");
  await dialogue.getByLabel("Seed").fill("42");
  await start.click();
  await page.waitForURL("**/optimizations/*");
  await page.getByText(/seed 42/).waitFor();
  const started = await product.db.optimization.findFirstOrThrow({
    orderBy: { createdAt: "desc" },
  });
  expect(started.config).toMatchObject({
    seed: 42,
    calls: 600,
    experiment: { proofRows: 20 },
    budget: { runCapUsd: 5 },
  });
  expect(complaints).toEqual([]);
  await context.close();
});

test("a second start is refused in the dialogue with the reason", async () => {
  const config = optimizationConfig.parse({ seed: 7 });
  await queueOptimization(product.db, {
    agentType: "planner",
    config,
    trigger: "test",
    createdBy: "test",
  });
  const { page, context } = await signedIn(product, "hal", "engineer");
  await page.goto("/agents/planner");
  await page.getByRole("button", { name: "Start optimization" }).first().click();
  const dialogue = page.getByRole("dialog", { name: "Start an optimization of the planner" });
  await dialogue.getByRole("button", { name: "Start", exact: true }).click();
  await dialogue.getByText("is under way already").waitFor();
  await context.close();
});
