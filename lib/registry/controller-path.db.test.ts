import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { bearerOf } from "#lib/auth/identify.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { createPromptFetch } from "#lib/http/prompt-fetch.ts";
import { createApiKey, revokeApiKey } from "#lib/keys/api-keys.ts";
import { createLogger } from "#lib/log.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeProduction, makePrompt } from "#tests/factories.ts";
import { type ControllerPath, startControllerPath } from "./controller-path.ts";
import type { SnapshotLimits } from "./prompt-snapshot.ts";
import { moveTag } from "./tags.ts";

let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let key: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url, poolMax: 6 });
  key = await makeKey();
});

afterAll(async () => {
  await handle.close();
  await testDatabase.drop();
});

async function makeKey(): Promise<string> {
  const scopes = ["prompts:read" as const];
  return (await createApiKey(handle.db, { name: "controller", scopes }, "test")).key;
}

/** A server of its own: memory, feed and the mountable function, as another process would have them. */
function startServer(limits: Partial<SnapshotLimits> = {}, pollMs = 50) {
  const log = createLogger({ level: "silent", name: "test" });
  const { db } = handle;
  const prompts = startControllerPath({ db, log, url: testDatabase.url, pollMs, limits });
  onTestFinished(() => prompts.close());
  const handler = createPromptFetch(() => ({ log, prompts, identify: byKey(prompts) }));
  const fetchPrompt = (address: string, headers: Record<string, string> = {}) =>
    handler(
      new Request(`http://prompts.test/any/agents/${address}`, {
        headers: { authorization: `Bearer ${key}`, ...headers },
      }),
    );
  return { prompts, fetchPrompt };
}

function byKey(prompts: ControllerPath) {
  return async (request: Request) => {
    const apiKey = await prompts.keys.verify(bearerOf(request.headers) ?? "");
    return apiKey === null ? null : { kind: "key" as const, apiKey };
  };
}

async function makeAgent(): Promise<{ agentType: string; promptId: string; version: string }> {
  const agentType = `a${randomUUID().slice(0, 8)}`;
  await makeAgentType(handle.db, { name: agentType });
  const { id, version } = await makeProduction(handle.db, { agentType });
  return { agentType, promptId: id, version };
}

const move = (agentType: string, promptId: string, expectedGeneration: number) =>
  moveTag(handle.db, {
    agentType,
    tag: "canary",
    promptId,
    expectedGeneration,
    actor: "test",
    reason: "a test",
  });

test("a fetch says what prod is, by body, entity tag and generation", async () => {
  const { agentType, promptId, version } = await makeAgent();
  const { fetchPrompt } = startServer();
  const response = await fetchPrompt(`${agentType}/prompt`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    id: promptId,
    version,
    status: "production",
    tags: ["prod"],
    tag: { name: "prod", generation: 1 },
  });
  expect(response.headers.get("etag")).toMatch(/^"[\w-]{43}"$/);
  expect(response.headers.get("x-genepool-tag-generation")).toBe("1");
  expect(response.headers.get("x-genepool-stale")).toBeNull();
  expect(response.headers.get("cache-control")).toBe("private, no-cache, stale-if-error=86400");
});

test("who has the prompt is answered 304 without a body", async () => {
  const { agentType } = await makeAgent();
  const { fetchPrompt } = startServer();
  const etag = (await fetchPrompt(`${agentType}/prompt`)).headers.get("etag") ?? "";
  for (const given of [etag, `W/${etag}`, `"other", ${etag}`, `"a",W/${etag}`, "*"]) {
    const response = await fetchPrompt(`${agentType}/prompt`, { "if-none-match": given });
    expect([given, response.status, await response.text()]).toEqual([given, 304, ""]);
    expect(response.headers.get("etag")).toBe(etag);
  }
  for (const given of ['"other"', 'W/"other"', etag.replaceAll('"', "")])
    expect(
      (await fetchPrompt(`${agentType}/prompt`, { "if-none-match": given })).status,
      given,
    ).toBe(200);
});

test("a version is answered without what may change and may be kept for a year", async () => {
  const { agentType, promptId, version } = await makeAgent();
  const { fetchPrompt } = startServer();
  const response = await fetchPrompt(`${agentType}/prompt?version=${version}`);
  expect(response.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
  const body = await response.json();
  expect(body).toMatchObject({ id: promptId, version });
  for (const changing of [
    "tags",
    "tag",
    "unproven",
    "status",
    "fitness_score",
    "fitness_simulated",
  ])
    expect(body).not.toHaveProperty(changing);
});

test("what does not exist is named by a code, and no other tag is sent instead", async () => {
  const { agentType } = await makeAgent();
  const { fetchPrompt } = startServer();
  const reasons = [
    [`${agentType}/prompt?tag=canary`, "no-such-tag"],
    ["nobody/prompt?tag=prod", "no-such-agent"],
    [`${agentType}/prompt?version=9.9.9`, "no-such-version"],
    ["nobody/prompt?version=9.9.9", "no-such-agent"],
  ] as const;
  for (const [address, reason] of reasons) {
    const response = await fetchPrompt(address);
    expect([address, response.status]).toEqual([address, 404]);
    expect(await response.json()).toMatchObject({
      error: { code: "not-found", details: { reason } },
    });
  }
});

test("contradictory, empty and repeated selectors are refused", async () => {
  const { agentType } = await makeAgent();
  const { fetchPrompt } = startServer();
  const bad = ["tag=prod&version=1.0.0", "tag=", "version=", "tag=prod&tag=prod", "version=latest"];
  for (const query of [...bad, "version=1.0.0&version=1.0.0", "label=prod"]) {
    const response = await fetchPrompt(`${agentType}/prompt?${query}`);
    expect([query, response.status]).toEqual([query, 400]);
    expect(await response.json()).toMatchObject({ error: { code: "invalid" } });
  }
  expect((await fetchPrompt("%ZZ/prompt")).status).toBe(400);
});

test("a tag that appears is found by the next read, and each of its moves", async () => {
  const { agentType, promptId } = await makeAgent();
  const { fetchPrompt } = startServer();
  expect((await fetchPrompt(`${agentType}/prompt?tag=canary`)).status).toBe(404);
  const { id: other } = await makePrompt(handle.db, { agentType });
  for (let generation = 1; generation <= 20; generation++) {
    const wanted = generation % 2 === 0 ? promptId : other;
    await move(agentType, wanted, generation - 1);
    const response = await fetchPrompt(`${agentType}/prompt?tag=canary`);
    expect(await response.json()).toMatchObject({ id: wanted, tag: { generation } });
  }
});

test("a move of another process arrives by notification and needs no poll", async () => {
  const { agentType, promptId } = await makeAgent();
  await move(agentType, promptId, 0);
  const { fetchPrompt, prompts } = startServer({ trustMs: 60_000 }, 60_000);
  await expect
    .poll(async () => {
      await fetchPrompt(`${agentType}/prompt?tag=canary`);
      return prompts.tags.read(agentType, "canary") instanceof Promise;
    })
    .toBe(false);
  const { id: other } = await makePrompt(handle.db, { agentType });
  // As another process does it: nothing is announced here.
  await handle.db.promptTag.update({
    where: { agentType_tag: { agentType, tag: "canary" } },
    data: { promptId: other, generation: 2 },
  });
  await expect
    .poll(async () =>
      (await fetchPrompt(`${agentType}/prompt?tag=canary`)).headers.get(
        "x-genepool-tag-generation",
      ),
    )
    .toBe("2");
});

test("after its connection broke everything is read again before it is trusted", async () => {
  const { agentType, promptId } = await makeAgent();
  await move(agentType, promptId, 0);
  const { fetchPrompt } = startServer();
  expect((await fetchPrompt(`${agentType}/prompt?tag=canary`)).status).toBe(200);
  const { id: other } = await makePrompt(handle.db, { agentType });
  for (let generation = 2; generation <= 6; generation++) {
    const ended = await handle.db.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'genepool changes'`;
    expect(ended).toBeInstanceOf(Array);
    await handle.db.promptTag.update({
      where: { agentType_tag: { agentType, tag: "canary" } },
      data: { promptId: generation % 2 === 0 ? other : promptId, generation },
    });
    await expect
      .poll(async () =>
        (await fetchPrompt(`${agentType}/prompt?tag=canary`)).headers.get(
          "x-genepool-tag-generation",
        ),
      )
      .toBe(String(generation));
  }
});

test("a revoked key is refused by the next request", async () => {
  const { agentType } = await makeAgent();
  const { fetchPrompt } = startServer();
  for (let round = 0; round < 10; round++) {
    const used = await makeKey();
    const authorization = `Bearer ${used}`;
    for (let i = 0; i < 3; i++)
      expect((await fetchPrompt(`${agentType}/prompt`, { authorization })).status).toBe(200);
    await revokeApiKey(handle.db, used.split("_")[1] ?? "", "test");
    expect((await fetchPrompt(`${agentType}/prompt`, { authorization })).status).toBe(401);
  }
});
