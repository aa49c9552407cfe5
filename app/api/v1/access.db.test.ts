import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionCookieName } from "#lib/auth/session.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { closeDatabase } from "#lib/db/instance.ts";
import {
  apiKeyPage,
  apiKeyShape,
  auditPage,
  newKeyAnswer,
  newPasswordAnswer,
  newUserAnswer,
  userPage,
  userShape,
} from "#lib/http/shapes/access.ts";
import { createUser } from "#lib/users/users.ts";
import { verifyLogin } from "#lib/users/verify-login.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import * as auditRoute from "./audit/route.ts";
import * as keyRoute from "./keys/[prefix]/route.ts";
import * as keysRoute from "./keys/route.ts";
import * as endSessionsRoute from "./users/[name]/end-sessions/route.ts";
import * as resetRoute from "./users/[name]/reset-password/route.ts";
import * as userRoute from "./users/[name]/route.ts";
import * as usersRoute from "./users/route.ts";

const secret = "0123456789abcdef0123456789abcdef";
let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let cookie: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  process.env.DATABASE_URL = testDatabase.url;
  process.env.NEXTAUTH_SECRET = secret;
  process.env.GENEPOOL_LOG_LEVEL = "silent";
  handle = createDatabase({ url: testDatabase.url, poolMax: 4 });
  const { user } = await createUser(handle.db, { name: "ada", role: "admin" }, "test");
  const token = await encode({ token: { sub: user.id, sessionVersion: 0 }, secret });
  cookie = `${sessionCookieName({ secret, secure: false })}=${token}`;
});

afterAll(async () => {
  await closeDatabase();
  await handle.close();
  await testDatabase.drop();
});

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Promise<Response>;

interface Call {
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

function call(method: string, handler: Handler, options: Call = {}): Promise<Response> {
  const { params = {}, query = "", body, headers = {} } = options;
  const request = new Request(`http://genepool.test/api/v1/x${query}`, {
    method,
    headers: {
      ...(headers.authorization === undefined ? { cookie } : {}),
      "sec-fetch-site": "same-origin",
      "content-type": "application/json",
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return handler(request, { params: Promise.resolve(params) });
}

test("a new person's password is told once, works, and is kept nowhere, not even for a repeated request", async () => {
  const { db } = handle;
  const send = () =>
    call("POST", usersRoute.POST, {
      body: { name: "berta", role: "viewer", displayName: "Berta 😀" },
      headers: { "idempotency-key": "berta-1" },
    });
  const first = await send();
  expect(first.status).toBe(201);
  const { user, password } = newUserAnswer.parse(await first.json());
  expect(await verifyLogin(db, { name: "berta", password: password ?? "" })).toMatchObject({
    ok: true,
  });
  const again = await send();
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(newUserAnswer.parse(await again.json())).toEqual({ user, password: null });
  const kept = await db.idempotencyKey.findMany();
  expect(JSON.stringify(kept)).not.toContain(password);
});

test("people are listed, changed, given another password and signed out over the API", async () => {
  const { db } = handle;
  const { password } = await createUser(db, { name: "carl", role: "viewer" }, "test");
  const params = { name: "carl" };
  const body = { role: "engineer" };
  const changed = await call("PATCH", userRoute.PATCH, { params, body });
  expect(userShape.parse(await changed.json())).toMatchObject({ role: "engineer" });
  const reset = await call("POST", resetRoute.POST, { params });
  const answer = newPasswordAnswer.parse(await reset.json());
  expect(answer.password).not.toBe(password);
  const ended = await call("POST", endSessionsRoute.POST, { params });
  expect(userShape.parse(await ended.json()).sessionVersion).toBe(2);
  const { items } = userPage.parse(await (await call("GET", usersRoute.GET)).json());
  expect(items.find(({ name }) => name === "carl")).toMatchObject({ role: "engineer" });
  expect((await call("PATCH", userRoute.PATCH, { params, body: {} })).status).toBe(400);
  const last = await call("PATCH", userRoute.PATCH, {
    params: { name: "ada" },
    body: { disabled: true },
  });
  expect(last.status).toBe(409);
});

test("a key is made, used, listed with its last use, and refused once it is revoked", async () => {
  const body = { name: "importer", scopes: ["admin"], expiresAt: "2999-01-01T00:00:00Z" };
  const headers = { "idempotency-key": "importer-1" };
  const made = await call("POST", keysRoute.POST, { body, headers });
  expect(made.status).toBe(201);
  const { apiKey, key } = newKeyAnswer.parse(await made.json());
  expect(JSON.stringify(await handle.db.idempotencyKey.findMany())).not.toContain(key);
  const bearer = { authorization: `Bearer ${key}` };
  const listed = await call("GET", keysRoute.GET, { headers: bearer });
  const { items } = apiKeyPage.parse(await listed.json());
  expect(items.find(({ prefix }) => prefix === apiKey.prefix)?.lastUsedAt).not.toBeNull();
  const params = { prefix: apiKey.prefix };
  const revoked = await call("DELETE", keyRoute.DELETE, { params });
  expect(apiKeyShape.parse(await revoked.json()).revokedAt).not.toBeNull();
  expect((await call("GET", keysRoute.GET, { headers: bearer })).status).toBe(401);
});

test("a key with a name or an end that the database cannot hold is refused as invalid", async () => {
  const good = { name: "odd", scopes: ["prompts:read"] };
  for (const odd of [
    { name: "a\u0000b" },
    { name: "two\nlines" },
    { expiresAt: "0000-01-01T00:00:00Z" },
    { scopes: [] },
    { agentTypes: ["No Agent"] },
  ]) {
    const response = await call("POST", keysRoute.POST, { body: { ...good, ...odd } });
    expect(response.status, JSON.stringify(odd)).toBe(400);
  }
});

test("the trail of what was done over the API names who did it, and filters by query", async () => {
  const query = "?actor=ada&action=user.&subject=user:carl&from=2020-01-01T00:00:00Z&limit=2";
  const page = auditPage.parse(await (await call("GET", auditRoute.GET, { query })).json());
  expect(page.items.map(({ action }) => action)).toEqual([
    "user.end-sessions",
    "user.reset-password",
  ]);
  const rest = `${query}&cursor=${page.nextCursor}`;
  const next = auditPage.parse(await (await call("GET", auditRoute.GET, { query: rest })).json());
  expect(next.items.map(({ action }) => action)).toEqual(["user.change"]);
  expect(next.items[0]).toMatchObject({
    before: { role: "viewer", disabled: false },
    after: { role: "engineer", disabled: false },
  });
  for (const from of ["yesterday", "0000-01-01T00:00:00Z"]) {
    const bad = await call("GET", auditRoute.GET, { query: `?from=${from}` });
    expect(bad.status, from).toBe(400);
  }
});
