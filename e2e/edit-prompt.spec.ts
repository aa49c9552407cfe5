import { afterAll, beforeAll, expect, test } from "vitest";
import { judgeTemplate } from "#lib/registry/preview.ts";
import { makeAgentType, makeProduction } from "#tests/factories.ts";
import { type Product, signedIn, startProduct } from "./product.ts";

let product: Product;
// The first start builds the web app, unless the caller has.
const startMaxMs = 600_000;

beforeAll(async () => {
  product = await startProduct();
}, startMaxMs);

afterAll(async () => {
  await product?.stop();
});

test("an engineer writes a new version; a refused text says where and why in the registry's own words", async () => {
  await makeAgentType(product.db, { name: "fitter" });
  const production = await makeProduction(product.db, { agentType: "fitter" });
  const { page, context, complaints } = await signedIn(product, "eric", "engineer");
  await page.goto(`/prompts/${production.id}`);
  await page.getByRole("link", { name: "Write a new version" }).click();
  const template = page.getByLabel("Template");
  const save = page.getByRole("button", { name: "Save as a draft" });
  await page.getByLabel("What changed, and why").fill("Says when to stop");
  expect(await save.isDisabled()).toBe(true);

  const bad = `${production.content}\nNow {% import "os" as os %}{{ os }}`;
  await template.fill(bad);
  const [refusal] = judgeTemplate(bad, []).refusals;
  await page.getByText(refusal?.reason ?? "no refusal").waitFor();
  await page
    .getByRole("button", { name: `Line ${refusal?.line}, column ${refusal?.column}` })
    .click();
  expect(await template.evaluate((field) => document.activeElement === field)).toBe(true);
  expect(await save.isDisabled()).toBe(true);

  await template.fill(`${production.content}\nStop when the critic agrees.`);
  await page.getByText("Accepted.").waitFor();
  await page.keyboard.press("Control+s");
  await page.getByText(/is saved as a draft/).waitFor();
  await page.waitForURL((url) => !url.pathname.endsWith("/edit"));
  await page.getByText("Stop when the critic agrees.").first().waitFor();
  const made = await product.db.prompt.findFirst({ where: { message: "Says when to stop" } });
  expect(made?.version).toBe("1.1.0");
  expect(complaints).toEqual([]);
  await context.close();
});

test("a viewer is told who can write instead of being let run into a refusal", async () => {
  await makeAgentType(product.db, { name: "turner" });
  const production = await makeProduction(product.db, { agentType: "turner" });
  const { page, context } = await signedIn(product, "vito", "viewer");
  await page.goto(`/prompts/${production.id}/edit`);
  await page.getByText("An engineer can save new versions.").waitFor();
  expect(await page.getByLabel("Template").count()).toBe(0);
  await context.close();
});
