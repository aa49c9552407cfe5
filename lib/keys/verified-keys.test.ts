import { expect, test } from "vitest";
import type { ApiKey } from "./api-keys.ts";
import { VerifiedKeys } from "./verified-keys.ts";

const apiKey = (expiresAt: Date | null = null): ApiKey => ({
  id: "00000000-0000-4000-8000-000000000000",
  name: "controller",
  prefix: "abc",
  scopes: ["prompts:read"],
  agentTypes: [],
  createdBy: "test",
  createdAt: new Date(0),
  expiresAt,
  lastUsedAt: null,
  revokedAt: null,
});

function setUp() {
  const state = { now: 0, queries: 0, answer: apiKey() as ApiKey | null, away: false };
  const keys = new VerifiedKeys({
    verify: async () => {
      state.queries++;
      const { answer } = state;
      if (state.away) throw new Error("away");
      await Promise.resolve();
      return answer;
    },
    now: () => state.now,
    today: () => state.now,
  });
  keys.listening();
  return { keys, state };
}

test("a key that was verified a moment ago costs no query", async () => {
  const { keys, state } = setUp();
  for (let i = 0; i < 100; i++) expect(await keys.verify("text")).toMatchObject({ prefix: "abc" });
  expect(state.queries).toBe(1);
});

test("a verification holds for five seconds, and the next look is taken before they are over", async () => {
  const { keys, state } = setUp();
  await keys.verify("text");
  state.now = 3_000;
  await keys.verify("text");
  expect(state.queries).toBe(2);
  await Promise.resolve();
  state.answer = null;
  state.now = 9_000;
  expect(await keys.verify("text")).toBeNull();
});

test("a change that is told is in force with the next use", async () => {
  const { keys, state } = setUp();
  await keys.verify("text");
  state.answer = null;
  keys.changed("abc");
  expect(await keys.verify("text")).toBeNull();
});

test("a verification that began before a change is not kept", async () => {
  const { keys, state } = setUp();
  const before = keys.verify("text");
  keys.changed("abc");
  state.answer = null;
  await before;
  expect(await keys.verify("text")).toBeNull();
});

test("a change that this process announced is asked for at each use", async () => {
  const { keys, state } = setUp();
  await keys.verify("text");
  keys.announced({ kind: "key", prefix: "abc" });
  expect(await keys.verify("text")).not.toBeNull();
  state.answer = null;
  expect(await keys.verify("text")).toBeNull();
});

test("a key expires on time, though it was verified before", async () => {
  const { keys, state } = setUp();
  state.answer = apiKey(new Date(1_000));
  expect(await keys.verify("text")).not.toBeNull();
  state.now = 1_000;
  expect(await keys.verify("text")).toBeNull();
});

test("while nothing is told every use asks the database", async () => {
  const { keys, state } = setUp();
  await keys.verify("text");
  keys.lost();
  await keys.verify("text");
  await keys.verify("text");
  expect(state.queries).toBe(3);
});

test("in an outage a known key holds for ten minutes, an unknown one is not guessed", async () => {
  const { keys, state } = setUp();
  await keys.verify("text");
  keys.lost();
  state.away = true;
  state.now = 500_000;
  expect(await keys.verify("text")).toMatchObject({ prefix: "abc" });
  await expect(keys.verify("other")).rejects.toThrow("away");
  state.now = 601_000;
  await expect(keys.verify("text")).rejects.toThrow("away");
});

test("wrong keys are not kept", async () => {
  const { keys, state } = setUp();
  state.answer = null;
  for (let i = 0; i < 3; i++) expect(await keys.verify(`wrong ${i}`)).toBeNull();
  state.answer = apiKey();
  expect(await keys.verify("wrong 0")).not.toBeNull();
});
