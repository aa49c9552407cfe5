import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makePrompt } from "#tests/factories.ts";
import { AppError } from "../errors.ts";
import { exportKnowledge } from "../transfer/knowledge/export-knowledge.ts";
import { exportStream } from "./export-stream.ts";

let testDatabase: TestDatabase;
let handle: DatabaseHandle;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url, poolMax: 4 });
  await makeAgentType(handle.db);
  for (let k = 0; k < 3; k++) await makePrompt(handle.db, { content: "x".repeat(60_000) + k });
});

afterAll(async () => {
  await handle.close();
  await testDatabase.drop();
});

function begin({ stallMs = 20_000 } = {}) {
  const abort = new AbortController();
  const warnings: string[] = [];
  const log = { warn: (_: unknown, message = "") => void warnings.push(`${message}`) };
  const { signal } = abort;
  const response = exportStream({ db: handle.db, log, since: null, signal, stallMs });
  return { abort, response, warnings };
}

const codeOf = (work: () => unknown) => {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
};

test("the stream is the export, line for line", async () => {
  const { response, warnings } = begin();
  expect(response.headers.get("content-type")).toBe("application/x-ndjson");
  const parts: string[] = [];
  await exportKnowledge(handle.db, { since: null }, async (text) => {
    parts.push(text);
  });
  const withoutHeader = (text: string) => text.slice(text.indexOf("\n"));
  expect(withoutHeader(await response.text())).toBe(withoutHeader(parts.join("")));
  expect(warnings).toEqual([]);
});

test("a third export at once is refused until a reader leaves", async () => {
  const [one, two] = [begin(), begin()];
  expect(codeOf(begin)).toBe("too-many-requests");
  await one.response.body?.cancel();
  const three = begin();
  expect(await three.response.text()).toMatch(/"type":"end".*\n$/);
  await two.response.text();
});

test("a client that goes, and one that reads nothing, hold nothing", async () => {
  const gone = begin();
  gone.abort.abort();
  await expect(gone.response.text()).rejects.toThrow("The client has gone");
  const stalled = begin({ stallMs: 20 });
  const reader = stalled.response.body?.getReader();
  await expect(reader?.closed).rejects.toThrow("took nothing more");
  expect(stalled.warnings).toEqual(["an export ended before its last line"]);
  const [one, two] = [begin(), begin()];
  expect(await Promise.all([one.response.text(), two.response.text()])).toHaveLength(2);
});
