import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createDatabase, type Database, type DatabaseHandle } from "#lib/db/client.ts";
import { createApiKey, revokeApiKey } from "#lib/keys/api-keys.ts";
import { createLogger } from "#lib/log.ts";
import { createUser, resetPassword, type User } from "#lib/users/users.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { identify } from "../auth/identify.ts";
import { type SessionSecurity, sessionCookieName } from "../auth/session.ts";
import { createRoute } from "./route.ts";
import { errorEnvelope } from "./shapes/common.ts";

const security: SessionSecurity = { secret: "s".repeat(32), secure: false };
let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let db: Database;
let admin: User;
let viewer: User;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url, poolMax: 4 });
  db = handle.db;
  admin = (await createUser(db, { name: "ada", role: "admin" }, "test")).user;
  viewer = (await createUser(db, { name: "vera", role: "viewer" }, "test")).user;
});

afterAll(async () => {
  await handle.close();
  await testDatabase.drop();
});

const route = createRoute(() => ({
  db,
  log: createLogger({ level: "silent", name: "test" }),
  identify: (request) => identify(db, request, security),
}));

async function cookieOf(user: User, secret = security.secret): Promise<string> {
  const { id: sub, sessionVersion } = user;
  const token = await encode({ token: { sub, sessionVersion }, secret });
  return `${sessionCookieName(security)}=${token}`;
}

function requestOf(headers: Record<string, string>, init: RequestInit = {}): Request {
  return new Request("http://genepool.test/api/v1/thing", {
    ...init,
    headers: { host: "genepool.test", ...headers },
  });
}

const none = { params: Promise.resolve({}) };
const whoami = route({ access: { role: "viewer", scope: "prompts:read" } }, async ({ actor }) => ({
  actor,
}));
const change = route(
  { access: { role: "admin" }, body: z.strictObject({ reason: z.string().min(3) }) },
  async ({ body }) => body,
);

async function failureOf(response: Response) {
  return errorEnvelope.parse(await response.json()).error;
}

test("nobody is refused with an envelope whose request id is in the header", async () => {
  const response = await whoami(requestOf({}), none);
  expect(response.status).toBe(401);
  const { code, requestId } = await failureOf(response);
  expect(code).toBe("unauthenticated");
  expect(response.headers.get("x-request-id")).toBe(requestId);
});

test("a session is its user until the user's sessions end", async () => {
  const { user } = await createUser(db, { name: "gus", role: "engineer" }, "test");
  const cookie = await cookieOf(user);
  expect(await (await whoami(requestOf({ cookie }), none)).json()).toEqual({ actor: "gus" });
  await resetPassword(db, "gus", "test");
  expect((await whoami(requestOf({ cookie }), none)).status).toBe(401);
});

test("a token signed with another secret, or no token at all, is nobody", async () => {
  const forged = await cookieOf(admin, "x".repeat(32));
  expect((await whoami(requestOf({ cookie: forged }), none)).status).toBe(401);
  const garbage = `${sessionCookieName(security)}=abc.def`;
  expect((await whoami(requestOf({ cookie: garbage }), none)).status).toBe(401);
});

test("a role below the one needed is refused and told which it is", async () => {
  const cookie = await cookieOf(viewer);
  const headers = { cookie, "sec-fetch-site": "same-origin", "content-type": "application/json" };
  const response = await change(requestOf(headers, { method: "POST", body: "{}" }), none);
  expect(response.status).toBe(403);
  expect((await failureOf(response)).details).toEqual({ role: "admin" });
});

test.each([
  ["another site by Origin", { origin: "https://evil.example" }],
  ["a sibling subdomain by Origin", { origin: "http://other.genepool.test" }],
  ["another site by Sec-Fetch-Site", { "sec-fetch-site": "cross-site" }],
  [
    "a sibling by Sec-Fetch-Site",
    { "sec-fetch-site": "same-site", origin: "http://genepool.test" },
  ],
  ["nowhere", {}],
])("a change with the cookie from %s is refused", async (_, from) => {
  const headers = { cookie: await cookieOf(admin), "content-type": "application/json", ...from };
  const body = JSON.stringify({ reason: "because" });
  const response = await change(requestOf(headers, { method: "POST", body }), none);
  expect(response.status).toBe(403);
});

test("a change is taken from our own pages, as JSON of the right shape only", async () => {
  const headers = { cookie: await cookieOf(admin), origin: "http://genepool.test" };
  const send = (contentType: string, body: string) =>
    change(requestOf({ ...headers, "content-type": contentType }, { method: "POST", body }), none);
  const good = await send("application/json; charset=utf-8", JSON.stringify({ reason: "because" }));
  expect(await good.json()).toEqual({ reason: "because" });
  expect((await send("text/plain", JSON.stringify({ reason: "because" }))).status).toBe(400);
  expect((await send("application/json", "{")).status).toBe(400);
  const short = await send("application/json", JSON.stringify({ reason: "" }));
  expect((await failureOf(short)).details).toMatchObject({ issues: [{ path: "reason" }] });
});

test("a key does what its scope allows, for its agent types, until it is revoked", async () => {
  const { key, apiKey } = await createApiKey(
    db,
    { name: "controller", scopes: ["prompts:read"], agentTypes: ["engineer"] },
    "test",
  );
  const headers = { authorization: `Bearer ${key}` };
  const about = (agentType: string) => ({ params: Promise.resolve({ agentType }) });
  expect(await (await whoami(requestOf(headers), about("engineer"))).json()).toEqual({
    actor: `key:${apiKey.prefix}`,
  });
  expect((await whoami(requestOf(headers), about("critic"))).status).toBe(403);
  expect((await whoami(requestOf(headers), none)).status).toBe(403);
  const runs = route({ access: { role: "viewer", scope: "runs:write" } }, async () => ({}));
  expect((await runs(requestOf(headers), about("engineer"))).status).toBe(403);
  expect((await change(requestOf(headers, { method: "POST", body: "{}" }), none)).status).toBe(403);
  await revokeApiKey(db, apiKey.prefix, "test");
  expect((await whoami(requestOf(headers), about("engineer"))).status).toBe(401);
});

test("a wrong key is nobody, even beside a good session cookie", async () => {
  const headers = { authorization: "Bearer gp_nope", cookie: await cookieOf(admin) };
  expect((await whoami(requestOf(headers), none)).status).toBe(401);
});

test("an unforeseen failure says nothing of the inside", async () => {
  const broken = route({ access: { role: "viewer" } }, async () => {
    throw new Error("password of the database is hunter2");
  });
  const response = await broken(requestOf({ cookie: await cookieOf(admin) }), none);
  expect(response.status).toBe(500);
  expect(JSON.stringify(await response.json())).not.toContain("hunter2");
});

test("a body larger than the limit is refused while it is read", async () => {
  const headers = {
    cookie: await cookieOf(admin),
    origin: "http://genepool.test",
    "content-type": "application/json",
  };
  const body = JSON.stringify({ reason: "x".repeat(17 * 1024 * 1024) });
  const response = await change(requestOf(headers, { method: "POST", body }), none);
  expect((await failureOf(response)).message).toContain("16 MiB");
});
