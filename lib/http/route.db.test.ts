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
import { endpoint } from "./endpoint.ts";
import { createRateLimit } from "./rate-limit.ts";
import { answered, createRoute } from "./route.ts";
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

let writeLimit = async (_: string): Promise<void> => undefined;
const route = createRoute(() => ({
  db,
  log: createLogger({ level: "silent", name: "test" }),
  identify: (request) => identify(db, request, security),
  writeLimit,
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

/** Headers of a change that the administrator makes on our own pages. */
async function ownPage(): Promise<Record<string, string>> {
  return {
    cookie: await cookieOf(admin),
    origin: "http://genepool.test",
    "content-type": "application/json",
  };
}

const none = { params: Promise.resolve({}) };
const described = { path: "/thing", group: "Test", summary: "A thing" } as const;
const answers = { 200: { description: "Done." } };
const whoami = route(
  endpoint({
    ...described,
    id: "whoami",
    method: "GET",
    access: { role: "viewer", scope: "prompts:read" },
    answers,
  }),
  async ({ actor }) => ({ actor }),
);
const changeThing = endpoint({
  ...described,
  id: "changeThing",
  method: "POST",
  access: { role: "admin" },
  body: z.strictObject({ reason: z.string().min(3) }),
  answers,
});
const change = route(changeThing, async ({ body }) => body);

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
  const runs = route(
    endpoint({
      ...described,
      id: "reportRuns",
      method: "GET",
      access: { role: "viewer", scope: "runs:write" },
      answers,
    }),
    async () => ({}),
  );
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
  const broken = route(changeThing, async () => {
    throw new Error("password of the database is hunter2");
  });
  const body = JSON.stringify({ reason: "because" });
  const response = await broken(requestOf(await ownPage(), { method: "POST", body }), none);
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

test("changes beyond the limit are refused with the time to wait", async () => {
  const before = writeLimit;
  writeLimit = createRateLimit({ points: 2, seconds: 60 }, "changes");
  const send = async () =>
    change(requestOf(await ownPage(), { method: "POST", body: '{"reason":"because"}' }), none);
  expect([(await send()).status, (await send()).status]).toEqual([200, 200]);
  const refused = await send();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  writeLimit = before;
});

test("a request with the same Idempotency-Key is carried out once and answered the same", async () => {
  let runs = 0;
  const create = route(
    { ...changeThing, id: "createThing", idempotent: true },
    async ({ body }) => {
      runs++;
      if (body.reason === "fail") throw new Error("the first try fails");
      return answered(201, { number: runs });
    },
  );
  const send = async (key: string, reason: string) =>
    create(
      requestOf(
        { ...(await ownPage()), "idempotency-key": key },
        { method: "POST", body: JSON.stringify({ reason }) },
      ),
      none,
    );
  const first = await send("a", "because");
  const again = await send("a", "because");
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(await again.json()).toEqual(await first.json());
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(runs).toBe(1);
  expect((await failureOf(await send("a", "another"))).code).toBe("conflict");
  expect((await send("b", "fail")).status).toBe(500);
  expect((await send("b", "fail")).status).toBe(500);
  expect(runs).toBe(3);
  expect((await send("with space", "because")).status).toBe(400);
});

test("of many equal requests at once one is carried out, and the others learn that it is under way", async () => {
  let runs = 0;
  const slow = route({ ...changeThing, id: "slowThing", idempotent: true }, async () => {
    runs++;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return {};
  });
  const headers = { ...(await ownPage()), "idempotency-key": "crowd" };
  const body = JSON.stringify({ reason: "because" });
  const answersOf = await Promise.all(
    Array.from({ length: 8 }, () => slow(requestOf(headers, { method: "POST", body }), none)),
  );
  expect(runs).toBe(1);
  // Whoever asks while it runs is told so; whoever asks afterwards gets its answer.
  const statuses = new Set(answersOf.map(({ status }) => status));
  expect(statuses).toContain(200);
  for (const status of statuses) expect([200, 409]).toContain(status);
});

test("a move without If-Match is told to send one, and a weak or listed one is refused", async () => {
  const move = route({ ...changeThing, id: "moveThing", ifMatch: true }, ({ ifMatch }) => ({
    ifMatch,
  }));
  const send = async (ifMatch: Record<string, string>) =>
    move(
      requestOf(
        { ...(await ownPage()), ...ifMatch },
        { method: "POST", body: JSON.stringify({ reason: "because" }) },
      ),
      none,
    );
  expect((await send({})).status).toBe(428);
  expect((await send({ "if-match": '"7"' })).status).toBe(200);
  for (const bad of ['W/"7"', "*", '"7", "8"', "7"])
    expect((await send({ "if-match": bad })).status, bad).toBe(400);
});
