import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "#lib/keys/api-keys.ts";
import { createUser } from "#lib/users/users.ts";
import { makeAgentType, makeCandidate, makeProduction, makeVerdict } from "#tests/factories.ts";
import {
  type Product,
  seriousViolations,
  signedIn,
  signIn,
  startProduct,
  visit,
} from "./product.ts";

let product: Product;

// The first start builds the web app, unless the caller has.
const startMaxMs = 600_000;

beforeAll(async () => {
  product = await startProduct();
}, startMaxMs);

afterAll(async () => {
  await product?.stop();
});

/** An agent of its own with a prompt in production and a candidate that waits. */
async function makeWaiting(name: string) {
  await makeAgentType(product.db, { name });
  const production = await makeProduction(product.db, { agentType: name });
  return { production, candidate: await makeCandidate(product.db, production) };
}

test("an administrator signs in, reads the evidence, approves, and controllers fetch the new prompt", async () => {
  const { production, candidate } = await makeWaiting("engineer");
  const { key } = await createApiKey(
    product.db,
    { name: "controller", scopes: ["prompts:read"] },
    "test",
  );
  const fetchProd = async (): Promise<unknown> => {
    const response = await fetch(`${product.url}/api/v1/agents/engineer/prompt?tag=prod`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return response.json();
  };
  expect(await fetchProd()).toMatchObject({ id: production.id });
  const { page, context, complaints } = await signedIn(product, "ada", "admin");
  await page.getByText(`The engineer candidate ${candidate.version} waits for review.`).waitFor();
  await page.getByRole("link", { name: "Review", exact: true }).last().click();
  await page.getByRole("heading", { name: `Review engineer ${candidate.version}` }).waitFor();
  await page.getByText("The gain shows on sealed rows drawn at random.").waitFor();
  await page.getByText("Success 40 % → 70 % on 50 sealed rows: +30 points").waitFor();
  const approve = page.getByRole("button", { name: "Approve candidate" });
  expect(await approve.isDisabled()).toBe(true);
  await page.getByLabel("Reason").fill("Better on every target, controls held.");
  await approve.click();
  await page.getByText("Approved by ada").waitFor();
  expect(await fetchProd()).toMatchObject({ id: candidate.id, tags: ["prod"] });
  expect(complaints).toEqual([]);
  await context.close();
});

test("a decision on what somebody else has decided meanwhile is a conflict that can be looked at again", async () => {
  const { production, candidate } = await makeWaiting("critic");
  const rival = await makeCandidate(product.db, production);
  const first = await signedIn(product, "bea", "admin");
  await first.page.goto(`/review/${candidate.id}`);
  await first.page.getByLabel("Reason").fill("I read this one first.");
  const second = await signedIn(product, "cy", "admin");
  await second.page.goto(`/review/${rival.id}`);
  await second.page.getByLabel("Reason").fill("I was quicker.");
  await second.page.getByRole("button", { name: "Approve candidate" }).click();
  await second.page.getByText("Approved by cy").waitFor();
  await first.page.getByRole("button", { name: "Approve candidate" }).click();
  await first.page.getByText("Something changed while you read").waitFor();
  await first.page.getByRole("button", { name: "Look again" }).click();
  await first.page.getByText("Cannot be approved").waitFor();
  await first.context.close();
  await second.context.close();
});

test("a verdict of version 0.1 and a suite too small read as what they are", async () => {
  await makeAgentType(product.db, { name: "tester" });
  const production = await makeProduction(product.db, { agentType: "tester" });
  const none = { value: 0, low: 0, high: 1, n: 0 };
  const small = await makeCandidate(
    product.db,
    production,
    makeVerdict({
      kind: "inconclusive",
      reason: "suite-too-small",
      proof: null,
      baselineSuccess: none,
      candidateSuccess: none,
    }),
  );
  const { reason: _reason, ...stored } = makeVerdict({ sentence: "Better: 20 % → 72 %." });
  const earlier = await makeCandidate(product.db, production);
  await product.db.experiment.updateMany({
    where: { promptId: earlier.id },
    data: { verdict: JSON.parse(JSON.stringify(stored)) },
  });
  const { page, context, complaints } = await signedIn(product, "kim", "viewer");
  await page.goto(`/review/${small.id}`);
  await page.getByText("The suite has too few sealed rows to prove anything.").waitFor();
  await page.getByText("A proof needs at least 20 sealed rows").waitFor();
  expect(await page.getByText("0 % (0–100").count()).toBe(0);
  await page.goto(`/review/${earlier.id}`);
  await page.getByText("Decided by version 0.1, on rows chosen because").waitFor();
  await page.getByText("so this proves nothing").waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("a viewer sees the evidence and who can decide, but no buttons", async () => {
  const { candidate } = await makeWaiting("planner");
  const { page, context } = await signedIn(product, "vera", "viewer");
  await page.goto(`/review/${candidate.id}`);
  await page.getByText("An administrator can approve or reject this candidate.").waitFor();
  expect(await page.getByRole("button", { name: "Approve candidate" }).count()).toBe(0);
  const status = await page.evaluate(async (id) => {
    const response = await fetch(`/api/v1/prompts/${id}/approve`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ reason: "because", evidenceDigest: "x", prodGeneration: 1 }),
    });
    return response.status;
  }, candidate.id);
  expect(status).toBe(403);
  await context.close();
});

test("a wrong password is refused in words that do not say which part was wrong", async () => {
  await createUser(product.db, { name: "dora", role: "viewer" }, "test");
  const { page, context } = await visit(product);
  await page.goto("/");
  await page.waitForURL("**/sign-in");
  await signIn(page, "dora", "wrong");
  await page.getByText("Name or password is wrong.").waitFor();
  await signIn(page, "nobody", "wrong");
  await page.getByText("Name or password is wrong.").waitFor();
  expect(new URL(page.url()).pathname).toBe("/sign-in");
  await context.close();
});

test("signing out ends the session in this browser", async () => {
  const { page, context } = await signedIn(product, "eve", "viewer");
  await page.getByRole("button", { name: "eve" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await page.goto("/review");
  await page.waitForURL("**/sign-in");
  await context.close();
});

test("the pages hold no serious barrier for people with disabilities, in light and dark", async () => {
  const { candidate } = await makeWaiting("welder");
  const { page, context, complaints } = await signedIn(product, "fay", "admin");
  const pages = [
    ["/", "Overview"],
    ["/review", "Review"],
    [`/review/${candidate.id}`, `Review welder ${candidate.version}`],
    ["/agents/welder", "welder"],
    ["/agents/welder/lineage", "Lineage of the welder"],
    [`/prompts/${candidate.id}`, `welder ${candidate.version}`],
    [`/prompts/${candidate.id}/edit`, "New version of welder"],
    ["/optimizations", "Optimizations"],
  ] as const;
  const violations: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const [address, heading] of pages) {
      await page.goto(address);
      await page.getByRole("heading", { name: heading, exact: true, level: 1 }).waitFor();
      await page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
      for (const violation of await seriousViolations(page))
        violations.push(`${address} in ${colorScheme}: ${violation}`);
    }
  }
  expect(violations).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});
