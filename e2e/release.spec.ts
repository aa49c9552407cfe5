import { afterAll, beforeAll, expect, test } from "vitest";
import { updateSettings } from "#lib/settings/settings.ts";
import { importSuite } from "#lib/suites/import-suite.ts";
import {
  makeAgentType,
  makeCandidate,
  makeConfirmation,
  makeOptimization,
  makeProduction,
  makePrompt,
  makeVerdict,
} from "#tests/factories.ts";
import { type Product, seriousViolations, signedIn, startProduct } from "./product.ts";

let product: Product;

// The first start builds the web app, unless the caller has.
const startMaxMs = 600_000;

beforeAll(async () => {
  product = await startProduct();
}, startMaxMs);

afterAll(async () => {
  await product?.stop();
});

/** An agent of its own with a prompt in production and a draft that a person wrote. */
async function makeHotfix(name: string) {
  const { db } = product;
  await makeAgentType(db, { name });
  const production = await makeProduction(db, { agentType: name });
  const parents = [{ promptId: production.id, operator: "person" as const }];
  return { production, draft: await makePrompt(db, { agentType: name, parents }) };
}

test("an administrator releases a hotfix without proof, and the mark is on every page that shows the version", async () => {
  const { production, draft } = await makeHotfix("engineer");
  const { page, context, complaints } = await signedIn(product, "ada", "admin");
  await page.goto(`/prompts/${draft.id}`);
  await page.getByText("Release without proof is switched off. An administrator can").waitFor();
  expect(await page.getByRole("button", { name: "Release without proof" }).count()).toBe(0);

  await page.goto("/settings");
  await page.getByLabel("Administrators may put a prompt into production without proof").click();
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.getByText("Settings saved.").waitFor();
  await page.goto(`/prompts/${draft.id}`);
  await page.getByRole("button", { name: "Release without proof" }).click();
  const dialogue = page.getByRole("dialog");
  await dialogue.getByText(`It replaces ${production.version} at once`).waitFor();
  const confirm = dialogue.getByRole("button", { name: "Release without proof" });
  await dialogue.getByLabel("Reason").fill("hotfix");
  expect(await confirm.isDisabled()).toBe(true);
  await dialogue.getByLabel("Reason").fill("The tool was renamed and every order fails.");
  expect(await seriousViolations(page)).toEqual([]);
  await confirm.click();
  await page.getByText("By ada").waitFor();
  await page.getByText("The tool was renamed and every order fails.").waitFor();

  const successor = await makeCandidate(product.db, draft);
  for (const address of [
    "/",
    "/agents/engineer",
    `/agents/engineer/lineage?prompt=${draft.id}`,
    `/prompts/${draft.id}`,
    `/review/${successor.id}`,
  ]) {
    await page.goto(address);
    await page.getByText("unproven", { exact: true }).first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  }
  await page.getByLabel("Reason").fill("Better than the hotfix on every row.");
  await page.getByRole("button", { name: "Approve candidate" }).click();
  await page.getByText("Approved by ada").waitFor();
  await page.goto("/agents/engineer");
  await page.getByText(successor.version).first().waitFor();
  expect(await page.getByText("unproven", { exact: true }).count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test("an engineer sees who can release, has no button for it, and puts the draft to the proof", async () => {
  await updateSettings(product.db, { releaseWithoutProof: true }, "test");
  const { production, draft } = await makeHotfix("critic");
  await importSuite(product.db, {
    suite: "test",
    text: '{"id":"one","input":"1 + 1","expected":"2"}\n',
    actor: "test",
  });
  const { page, context, complaints } = await signedIn(product, "eve", "engineer");
  await page.goto(`/prompts/${draft.id}`);
  await page.getByText("An administrator can release it without proof.").waitFor();
  expect(await page.getByRole("button", { name: "Release without proof" }).count()).toBe(0);
  const label = `Prove ${draft.version} against ${production.version}`;
  await page.getByRole("button", { name: label }).click();
  const dialogue = page.getByRole("dialog", { name: label });
  await dialogue.getByText(`Measures ${draft.version} against ${production.version}`).waitFor();
  expect(await dialogue.getByLabel("Generations").count()).toBe(0);
  expect(await seriousViolations(page)).toEqual([]);
  await dialogue.getByRole("button", { name: "Start" }).click();
  await page.getByRole("heading", { name: "Proof of 1 prompt of the critic" }).waitFor();
  await page.goto("/optimizations");
  await page.getByText("proof of 1 prompt", { exact: true }).waitFor();
  const run = await product.db.optimization.findFirstOrThrow({ where: { agentType: "critic" } });
  expect(run).toMatchObject({ incumbentId: production.id, config: { prove: [draft.id] } });
  expect(complaints).toEqual([]);
  await context.close();
});

test("after an approval the other finalists can be proven against the new prompt", async () => {
  const { db } = product;
  await makeAgentType(db, { name: "planner" });
  const production = await makeProduction(db, { agentType: "planner" });
  const optimizationId = await makeOptimization(db, production);
  await db.optimization.update({ where: { id: optimizationId }, data: { state: "finished" } });
  const [winner, other] = [
    await makeCandidate(db, production),
    await makeCandidate(db, production),
  ];
  for (const prompt of [winner, other]) {
    const id = await makeConfirmation(db, prompt, production, makeVerdict());
    await db.experiment.update({ where: { id }, data: { optimizationId } });
  }
  const { page, context } = await signedIn(product, "amy", "admin");
  await page.goto(`/review/${winner.id}`);
  await page.getByLabel("Reason").fill("The better one of the two.");
  expect(await page.getByRole("heading", { name: "To prove again" }).count()).toBe(0);
  await page.getByRole("button", { name: "Approve candidate" }).click();
  await page.getByText("Approved by amy").waitFor();
  const label = `Prove ${other.version} against ${winner.version}`;
  await page.getByRole("button", { name: label }).waitFor();
  await page.goto(`/review/${other.id}`);
  await page.getByText("Cannot be approved").waitFor();
  await page.getByRole("button", { name: label }).click();
  await page.getByRole("dialog", { name: label }).getByRole("button", { name: "Start" }).click();
  await page.getByRole("heading", { name: "Proof of 1 prompt of the planner" }).waitFor();
  const run = await db.optimization.findFirstOrThrow({
    where: { agentType: "planner", trigger: "person" },
  });
  expect(run).toMatchObject({ incumbentId: winner.id, config: { prove: [other.id] } });
  await context.close();
});
