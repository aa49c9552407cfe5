import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { createTestDatabase } from "#tests/database.ts";
import { createApiKey, isAllowed, listApiKeys, revokeApiKey, verifyApiKey } from "./api-keys.ts";

let handle: DatabaseHandle;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  handle = createDatabase({ url: database.url });
});

afterAll(async () => {
  await handle.close();
  await drop();
});

test("a key is recognised by its text, which is kept nowhere", async () => {
  const { db } = handle;
  const made = await createApiKey(db, { name: "controller", scopes: ["prompts:read"] }, "anna");
  expect(made.key).toMatch(/^gp_[0-9a-f]{12}_[\w-]{43}$/);
  expect(await verifyApiKey(db, made.key)).toMatchObject({ prefix: made.apiKey.prefix });
  const stored = await db.apiKey.findUniqueOrThrow({ where: { prefix: made.apiKey.prefix } });
  expect(JSON.stringify(stored)).not.toContain(made.key.split("_").at(-1));
  const flipped = made.key.endsWith("A") ? "B" : "A";
  for (const wrong of ["", "gp_x_y", made.key.slice(0, -1), made.key.slice(0, -1) + flipped]) {
    expect(await verifyApiKey(db, wrong)).toBeNull();
  }
  expect(Object.keys((await listApiKeys(db)).items[0] ?? {})).not.toContain("secretHash");
});

test("a revoked key and an expired key are refused", async () => {
  const { db } = handle;
  const expiresAt = new Date("2026-01-01T00:00:00Z");
  const input = { name: "short", scopes: ["runs:write" as const], expiresAt };
  const { apiKey, key } = await createApiKey(db, input, "anna");
  const before = { now: () => new Date(expiresAt.getTime() - 1) };
  expect(await verifyApiKey(db, key, before)).not.toBeNull();
  expect(await verifyApiKey(db, key, { now: () => expiresAt })).toBeNull();
  await revokeApiKey(db, apiKey.prefix, "anna");
  const again = await revokeApiKey(db, apiKey.prefix, "anna");
  expect(again.revokedAt).not.toBeNull();
  expect(await verifyApiKey(db, key, before)).toBeNull();
  await expect(revokeApiKey(db, "nothing", "anna")).rejects.toMatchObject({ code: "not-found" });
});

test("a key may do what its scopes and agent types say, and nothing else", async () => {
  const { db } = handle;
  const scopes = ["prompts:read" as const];
  const bound = await createApiKey(db, { name: "a", scopes, agentTypes: ["engineer"] }, "anna");
  expect(isAllowed(bound.apiKey, "prompts:read", "engineer")).toBe(true);
  expect(isAllowed(bound.apiKey, "prompts:read", "critic")).toBe(false);
  expect(isAllowed(bound.apiKey, "prompts:read", null)).toBe(false);
  expect(isAllowed(bound.apiKey, "runs:write", "engineer")).toBe(false);
  const free = await createApiKey(db, { name: "b", scopes }, "anna");
  expect(isAllowed(free.apiKey, "prompts:read", null)).toBe(true);
  await expect(createApiKey(db, { name: "c", scopes: [] }, "anna")).rejects.toMatchObject({
    code: "invalid",
  });
});
