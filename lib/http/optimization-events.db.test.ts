import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type Database, type DatabaseHandle } from "#lib/db/client.ts";
import { writeStep } from "#lib/db/search-records.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeOptimization, makePrompt } from "#tests/factories.ts";
import { optimizationEvents } from "./optimization-events.ts";

let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let db: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url });
  db = handle.db;
  await makeAgentType(db);
});

afterAll(async () => {
  await handle.close();
  await testDatabase.drop();
});

const run = async () => makeOptimization(db, await makePrompt(db));

function watch(optimizationId: string, options: { lastLine?: number; lifeMs?: number } = {}) {
  const abort = new AbortController();
  const { lastLine = -1, lifeMs = 20_000 } = options;
  const request = { db, optimizationId, lastLine, lifeMs, signal: abort.signal, pollMs: 20 };
  return { abort, response: optimizationEvents(request) };
}

const end = (id: string) =>
  db.optimization.update({
    where: { id },
    data: { state: "finished", outcome: "Done.", finishedAt: new Date() },
  });

test("progress and log lines come as they happen, and the end closes the stream", async () => {
  const id = await run();
  const response = await watch(id).response;
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const until = async (words: string) => {
    while (!text.includes(words)) {
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
      if (done) throw new Error(`the stream ended before "${words}": ${text}`);
      text += value;
    }
  };
  await until("event: progress");
  expect(text).toContain("id: 0\nevent: log\n");
  await writeStep(db, id, 0, "hypothesize", { insights: [{}], coach: null });
  await db.optimization.update({ where: { id }, data: { step: "hypothesize" } });
  await until("Found 1 cause of failure.");
  await end(id);
  await until("event: end");
  expect((await reader?.read())?.done).toBe(true);
});

test("a client that connects again gets the lines after its last one, and none twice", async () => {
  const id = await run();
  await writeStep(db, id, 0, "hypothesize", { insights: [{}, {}], coach: null });
  await end(id);
  const whole = await (await watch(id).response).text();
  const numbers = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1]);
  expect(numbers(whole)).toEqual(["0", "1", "2"]);
  const rest = await (await watch(id, { lastLine: 1 }).response).text();
  expect(numbers(rest)).toEqual(["2"]);
  expect(rest).toContain("event: end");
});

test("a stream ends after its life, and one whose client has gone makes room for another", async () => {
  const id = await run();
  const brief = await (await watch(id, { lifeMs: 60 }).response).text();
  expect(brief).not.toContain("event: end");
  const streams = await Promise.all(Array.from({ length: 64 }, () => watch(id).response));
  await expect(watch(id).response).rejects.toMatchObject({ code: "too-many-requests" });
  await Promise.all(streams.map(async (stream) => stream.body?.cancel()));
  const abort = watch(id);
  const reader = (await abort.response).body?.getReader();
  abort.abort.abort();
  for (let reads = 0; reads < 10 && !(await reader?.read())?.done; reads++);
  expect((await reader?.read())?.done).toBe(true);
});

test("an unknown run is refused before anything is streamed", async () => {
  await expect(watch("00000000-0000-4000-8000-000000000000").response).rejects.toMatchObject({
    code: "not-found",
  });
});
