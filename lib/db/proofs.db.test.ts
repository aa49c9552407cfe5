import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeProduction } from "#tests/factories.ts";
import { createDatabase, type Database } from "./client.ts";
import { closeProof, listProofs, openProof } from "./proofs.ts";
import { execute, sql } from "./query.ts";

let testDatabase: TestDatabase;
let db: Database;
let close: () => Promise<void>;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  ({ db, close } = createDatabase({ url: testDatabase.url }));
});
afterAll(async () => {
  await close();
  await testDatabase.drop();
});

async function incumbent(name: string): Promise<string> {
  await makeAgentType(db, { name });
  return (await makeProduction(db, { agentType: name })).id;
}

test("proofs that open at the same moment take different places, and together spend at most five percent", async () => {
  const incumbentId = await incumbent("crowd");
  const opened = await Promise.all(
    Array.from({ length: 8 }, () =>
      openProof(db, { optimizationId: randomUUID(), incumbentId, suite: "s" }),
    ),
  );
  const ordinals = opened.map(({ entry }) => entry.ordinal).sort((a, b) => a - b);
  expect(ordinals).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const spent = opened.reduce((sum, { entry }) => sum + entry.alpha, 0);
  expect(spent).toBeLessThanOrEqual(0.05);
});

test("a run that is taken up again gets the entry it made, and what it opened is known to the next", async () => {
  const incumbentId = await incumbent("again");
  const optimizationId = randomUUID();
  const first = await openProof(db, { optimizationId, incumbentId, suite: "s" });
  expect(await openProof(db, { optimizationId, incumbentId, suite: "s" })).toEqual(first);
  await closeProof(db, optimizationId, { groups: ["a", "b"], claimed: false });
  const next = await openProof(db, { optimizationId: randomUUID(), incumbentId, suite: "s" });
  expect(next.before.map(({ groupHashes }) => groupHashes)).toEqual([["a", "b"]]);
  expect(next.entry.alpha).toBeCloseTo(0.05 / 6);
});

test("a proof that claimed something hands its share on", async () => {
  const incumbentId = await incumbent("claims");
  const optimizationId = randomUUID();
  await openProof(db, { optimizationId, incumbentId, suite: "s" });
  await closeProof(db, optimizationId, { groups: [], claimed: true });
  const next = await openProof(db, { optimizationId: randomUUID(), incumbentId, suite: "s" });
  expect(next.entry.alpha).toBeCloseTo(0.05 / 6 + 0.025);
});

test("another suite and another incumbent have a ledger of their own", async () => {
  const [one, two] = [await incumbent("one"), await incumbent("two")];
  for (const incumbentId of [one, two])
    for (const suite of ["s", "t"]) {
      const { entry } = await openProof(db, { optimizationId: randomUUID(), incumbentId, suite });
      expect(entry.ordinal).toBe(1);
    }
});

test("the database refuses to reopen, change or delete an entry", async () => {
  const incumbentId = await incumbent("sealed");
  const optimizationId = randomUUID();
  await openProof(db, { optimizationId, incumbentId, suite: "s" });
  const change = (what: ReturnType<typeof sql>) =>
    execute(db, sql`UPDATE proofs SET ${what} WHERE optimization_id = ${optimizationId}::uuid`);
  await expect(change(sql`alpha = 0.05`)).rejects.toThrow(/kept for ever/);
  await expect(execute(db, sql`DELETE FROM proofs`)).rejects.toThrow(/kept for ever/);
  await expect(execute(db, sql`TRUNCATE proofs`)).rejects.toThrow(/kept for ever/);
  await closeProof(db, optimizationId, { groups: ["a"], claimed: false });
  await closeProof(db, optimizationId, { groups: [], claimed: true });
  expect(await listProofs(db, { incumbentId, suite: "s" })).toMatchObject([
    { claimed: false, groupHashes: ["a"] },
  ]);
  await expect(change(sql`claimed = true`)).rejects.toThrow(/kept for ever/);
});
