/**
 * Who may call what: every endpoint with every kind of caller. What is expected is written down here and worked out by
 * this file alone; an endpoint without a line fails.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionCookieName } from "#lib/auth/session.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { closeDatabase } from "#lib/db/instance.ts";
import { createApiKey, revokeApiKey } from "#lib/keys/api-keys.ts";
import { changeUser, endSessions } from "#lib/users/change-user.ts";
import { createUser, type User } from "#lib/users/users.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType } from "#tests/factories.ts";
import { endpointTable } from "./endpoint-table.ts";

const roles = ["viewer", "engineer", "admin"] as const;
const scopes = [
  "prompts:read",
  "runs:write",
  "experiments:run",
  "prompts:write",
  "prompts:promote",
  "admin",
] as const;
type Role = (typeof roles)[number];
type Scope = (typeof scopes)[number];

interface Rule {
  /** People from this role on; null: anybody. */
  role: Role | null;
  /** Keys with this scope; null: none. */
  scope: Scope | null;
  /** The sample below is about the agent type "engineer" and nothing else: keys bound to it may. */
  bound?: true;
  query?: string;
  body?: unknown;
}

const open: Rule = { role: null, scope: null };
const reads: Rule = { role: "viewer", scope: "prompts:read" };
const evidence: Rule = { role: "viewer", scope: "experiments:run" };
const overall: Rule = { role: "viewer", scope: "admin" };
const works: Rule = { role: "engineer", scope: "experiments:run" };
const promotes: Rule = { role: "admin", scope: "prompts:promote" };
const administers: Rule = { role: "admin", scope: "admin" };
const bound = { bound: true } as const;
const ofAgent = { bound: true, query: "?agentType=engineer" } as const;

const uuid = "00000000-0000-4000-8000-000000000000";
const agentType = "engineer";
const decision = { reason: "measured", evidenceDigest: "x", prodGeneration: 1 };
const move = { promptId: uuid, reason: "measured" };
const run = { runId: "r", agentType, outcome: "success", startedAt: "2026-01-01T00:00:00Z" };
const agent = {
  name: agentType,
  suite: "s",
  description: "d",
  defaultModel: "simulated",
  prompt: { content: "Solve it.", parameters: {}, tools: [] },
};
const draft = { agentType, content: "Solve it.", parameters: {}, tools: [], message: "first" };
const webhook = { url: "https://receiver.example/hook", events: ["tag.moved"] };

/** One line an endpoint. */
const matrix: Record<string, Rule> = {
  "GET /health": open,
  "GET /ready": open,
  "GET /openapi.json": open,
  "GET /me": { role: "viewer", scope: null },
  "GET /overview": overall,
  "GET /agents": reads,
  "POST /agents": { ...administers, ...bound, body: agent },
  "PATCH /agents/{agentType}": { ...administers, ...bound, body: { description: "measured" } },
  "GET /agents/{agentType}": { ...reads, ...bound },
  "GET /agents/{agentType}/prompt": { ...reads, ...bound },
  "GET /agents/{agentType}/lineage": { ...reads, ...bound },
  "GET /agents/{agentType}/front": { ...evidence, ...bound },
  "GET /agents/{agentType}/series": { ...evidence, ...bound },
  "GET /agents/{agentType}/loop": { ...evidence, ...bound },
  "POST /agents/{agentType}/loop": { ...works, ...bound, body: { kind: "pause" } },
  "GET /agents/{agentType}/tags": { ...reads, ...bound },
  "GET /agents/{agentType}/tags/{tag}": { ...reads, ...bound },
  "PUT /agents/{agentType}/tags/{tag}": { ...promotes, ...bound, body: move },
  "POST /agents/{agentType}/tags/{tag}/rollback": { ...promotes, ...bound, body: move },
  "GET /agents/{agentType}/tags/{tag}/moves": { ...reads, ...bound },
  "GET /prompts": { ...reads, ...ofAgent },
  "POST /prompts": { role: "engineer", scope: "prompts:write", ...bound, body: draft },
  "GET /prompts/{promptId}": reads,
  "GET /prompts/{promptId}/diff": { ...reads, query: `?against=${uuid}` },
  "GET /prompts/{promptId}/lineage": reads,
  "POST /prompts/{promptId}/render": { ...reads, body: { variables: {} } },
  "GET /prompts/{promptId}/transitions": reads,
  "POST /prompts/{promptId}/transitions": {
    role: "engineer",
    scope: "prompts:write",
    body: { to: "archived", reason: "not needed" },
  },
  "POST /templates/check": { ...reads, ...bound, body: { content: "{{ a }}", agentType } },
  "POST /prompts/{promptId}/approve": { ...promotes, body: decision },
  "POST /prompts/{promptId}/reject": { ...promotes, body: decision },
  "POST /prompts/{promptId}/release": {
    ...administers,
    body: { reason: "the old one fails", prodGeneration: 1 },
  },
  "GET /reviews": { ...reads, ...ofAgent },
  "GET /reviews/{promptId}": reads,
  "GET /runs": { ...evidence, ...ofAgent },
  "POST /runs": { role: "engineer", scope: "runs:write", ...bound, body: { runs: [run] } },
  "GET /runs/{runId}": evidence,
  "GET /benchmarks": evidence,
  "GET /suites": evidence,
  "POST /suites/{suite}/benchmarks": {
    ...works,
    body: { benchmarks: [{ id: "a", input: "b", expected: "c" }] },
  },
  "GET /suites/{suite}/judge": evidence,
  "GET /suites/{suite}/labels": evidence,
  "POST /suites/{suite}/labels": {
    ...works,
    body: { labels: [{ id: "a", answer: "b", pass: true }] },
  },
  "POST /suites/{suite}/certifications": { ...works, body: {} },
  "GET /suites/{suite}/certifications": evidence,
  "GET /experiments": { ...evidence, ...ofAgent },
  "GET /experiments/{experimentId}": evidence,
  "GET /experiments/{experimentId}/trials": evidence,
  "GET /trials/{evaluationKey}": evidence,
  "GET /optimizations": { ...evidence, ...ofAgent },
  "POST /optimizations": { ...works, ...bound, body: { agentType, config: { seed: 1 } } },
  "POST /optimizations/preview": { ...works, ...bound, body: { agentType, config: { seed: 1 } } },
  "GET /optimizations/{optimizationId}": evidence,
  "GET /optimizations/{optimizationId}/report": evidence,
  "POST /optimizations/{optimizationId}/stop": works,
  "POST /optimizations/{optimizationId}/resume": works,
  "GET /optimizations/{optimizationId}/events": evidence,
  "GET /executors": works,
  "POST /executor-callbacks/{trialId}": { ...open, body: {} },
  "GET /budget": evidence,
  "POST /temporal/codec/decode": { ...works, body: { payloads: [] } },
  "GET /settings": overall,
  "PUT /settings": { ...administers, body: { traffic: false } },
  "GET /users": administers,
  "POST /users": { ...administers, body: { name: "new", role: "viewer" } },
  "PATCH /users/{name}": { ...administers, body: { role: "viewer" } },
  "POST /users/{name}/reset-password": administers,
  "POST /users/{name}/end-sessions": administers,
  "GET /keys": administers,
  "POST /keys": { ...administers, body: { name: "new", scopes: ["prompts:read"] } },
  "DELETE /keys/{prefix}": administers,
  "GET /webhooks": administers,
  "POST /webhooks": { ...administers, body: webhook },
  "GET /webhooks/{webhookId}": administers,
  "PATCH /webhooks/{webhookId}": { ...administers, body: { enabled: false } },
  "DELETE /webhooks/{webhookId}": administers,
  "POST /webhooks/{webhookId}/secret": administers,
  "POST /webhooks/{webhookId}/test": administers,
  "GET /webhooks/{webhookId}/deliveries": administers,
  "POST /webhooks/{webhookId}/deliveries/{deliveryId}/retry": administers,
  "GET /audit": administers,
  "GET /export": administers,
};

/** What the variable parts of addresses are in the samples; nothing but the agent type exists. */
const samples: Record<string, string> = {
  agentType,
  tag: "canary",
  promptId: uuid,
  optimizationId: uuid,
  experimentId: uuid,
  runId: "none",
  suite: "sample",
  evaluationKey: "0".repeat(64),
  trialId: "0".repeat(64),
  name: "nobody",
  prefix: "aaaaaaaaaaaa",
  webhookId: uuid,
  deliveryId: uuid,
};

/** 429 would hide what access says. */
const refusals: ReadonlySet<number> = new Set([401, 403, 429]);
type Verdict = "allowed" | 401 | 403;

interface Caller {
  who: string;
  headers: Record<string, string>;
  expected: (rule: Rule, mutates: boolean) => Verdict;
}

const host = "genepool.test";
const ownPage = { "sec-fetch-site": "same-origin" };
const secret = "0123456789abcdef0123456789abcdef";
let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let callers: Caller[];
/** Holds every scope, for the sample's agent type alone. */
let boundKey: string;

const rankOf = (role: Role): number => roles.indexOf(role);
const unlessOpen =
  (verdict: (rule: Rule, mutates: boolean) => Verdict): Caller["expected"] =>
  (rule, mutates) =>
    rule.role === null ? "allowed" : verdict(rule, mutates);
const nobody = unlessOpen(() => 401);
const person = (role: Role) =>
  unlessOpen((rule) => (rankOf(role) >= rankOf(rule.role ?? "admin") ? "allowed" : 403));
/** A page that is not ours shows what it likes and changes nothing. */
const foreignAdmin = unlessOpen((_, mutates) => (mutates ? 403 : "allowed"));
const keyOf = (scope: Scope) =>
  unlessOpen((rule) =>
    rule.scope !== null && (scope === rule.scope || scope === "admin") ? "allowed" : 403,
  );

async function cookieOf(user: User, signedBy = secret): Promise<Record<string, string>> {
  const { id: sub, sessionVersion } = user;
  const token = await encode({ token: { sub, sessionVersion }, secret: signedBy });
  return { cookie: `${sessionCookieName({ secret, secure: false })}=${token}` };
}

async function people(): Promise<Caller[]> {
  const { db } = handle;
  const make = async (name: string, role: Role) =>
    (await createUser(db, { name, role }, "test")).user;
  const byRole: Caller[] = [];
  for (const role of roles) {
    const headers = { ...ownPage, ...(await cookieOf(await make(role, role))) };
    byRole.push({ who: `a person with the role ${role}`, headers, expected: person(role) });
  }
  const admin = await make("ada", "admin");
  const cookie = await cookieOf(admin);
  const disabled = await make("disabled", "admin");
  await changeUser(db, "disabled", { disabled: true }, { actor: "test" });
  const ended = await make("ended", "admin");
  await endSessions(db, "ended", "test");
  const forged = await cookieOf(admin, "f".repeat(32));
  const origin = (value: string) => ({ ...cookie, origin: value });
  return [
    ...byRole,
    { who: "an admin on our page", headers: origin(`http://${host}`), expected: person("admin") },
    {
      who: "an admin on another site",
      headers: origin("https://evil.example"),
      expected: foreignAdmin,
    },
    { who: "an admin in a sandboxed frame", headers: origin("null"), expected: foreignAdmin },
    {
      who: "an admin on a sibling subdomain",
      headers: { ...origin(`http://${host}`), "sec-fetch-site": "same-site" },
      expected: foreignAdmin,
    },
    { who: "an admin's cookie without an origin", headers: cookie, expected: foreignAdmin },
    {
      who: "a disabled admin",
      headers: { ...ownPage, ...(await cookieOf(disabled)) },
      expected: nobody,
    },
    {
      who: "an ended session",
      headers: { ...ownPage, ...(await cookieOf(ended)) },
      expected: nobody,
    },
    { who: "a forged session", headers: { ...ownPage, ...forged }, expected: nobody },
    {
      who: "an admin with a wrong key",
      headers: { ...ownPage, ...cookie, authorization: "Bearer gp_x" },
      expected: nobody,
    },
  ];
}

async function programs(): Promise<Caller[]> {
  const { db } = handle;
  const make = async (name: string, limits: Partial<Parameters<typeof createApiKey>[1]>) =>
    createApiKey(db, { name, scopes: [...scopes], ...limits }, "test");
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const byScope: Caller[] = [];
  for (const scope of scopes) {
    const headers = bearer((await make(scope, { scopes: [scope] })).key);
    byScope.push({ who: `a key with the scope ${scope}`, headers, expected: keyOf(scope) });
  }
  const expired = await make("expired", { expiresAt: new Date("2026-01-01T00:00:00Z") });
  const revoked = await make("revoked", {});
  await revokeApiKey(db, revoked.apiKey.prefix, "test");
  const other = await make("other", { agentTypes: ["critic"] });
  boundKey = (await make("bound", { agentTypes: [agentType] })).key;
  const { key: whole } = await make("whole", {});
  return [
    ...byScope,
    { who: "an expired key", headers: bearer(expired.key), expected: nobody },
    { who: "a revoked key", headers: bearer(revoked.key), expected: nobody },
    {
      who: "a key with another secret",
      headers: bearer(`${whole.slice(0, -8)}AAAAAAAA`),
      expected: nobody,
    },
    {
      who: "a key sent as a password",
      headers: { authorization: `Basic ${whole}` },
      expected: nobody,
    },
    {
      who: "a key of another agent type",
      headers: bearer(other.key),
      expected: unlessOpen(() => 403),
    },
    {
      who: "a key of this agent type",
      headers: bearer(boundKey),
      expected: unlessOpen((rule) => (rule.bound ? "allowed" : 403)),
    },
  ];
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  process.env.DATABASE_URL = testDatabase.url;
  process.env.NEXTAUTH_SECRET = secret;
  process.env.GENEPOOL_LOG_LEVEL = "silent";
  handle = createDatabase({ url: testDatabase.url, poolMax: 4 });
  await makeAgentType(handle.db, { name: agentType });
  const anonymous: Caller = { who: "nobody", headers: ownPage, expected: nobody };
  callers = [anonymous, ...(await people()), ...(await programs())];
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

/** The real handler of an address, as the server finds it. */
async function handlerOf(method: string, address: string): Promise<Handler> {
  const folder = address.replace(/\{(\w+)\}/g, "[$1]");
  const file = path.resolve(import.meta.dirname, `../../app/api/v1${folder}/route.ts`);
  expect(existsSync(file), file).toBe(true);
  const module: Record<string, Handler | undefined> = await import(file);
  const handler = module[method];
  if (handler === undefined) throw new Error(`${file} does not export ${method}`);
  return handler;
}

function paramsOf(address: string): Record<string, string> {
  const names = [...address.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  return Object.fromEntries(
    names.map((name) => {
      const sample = samples[name];
      if (sample === undefined) throw new Error(`samples lacks {${name}}`);
      return [name, sample];
    }),
  );
}

async function statusOf(
  operation: string,
  headers: Record<string, string>,
  { query = "", body }: Pick<Rule, "query" | "body"> = {},
): Promise<number> {
  const [method = "", address = ""] = operation.split(" ");
  const params = paramsOf(address);
  const place = address.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "");
  const request = new Request(`http://${host}/api/v1${place}${query}`, {
    method,
    headers: { host, "content-type": "application/json", "if-match": '"1"', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const handler = await handlerOf(method, address);
  const response = await handler(request, { params: Promise.resolve(params) });
  await response.body?.cancel();
  return response.status;
}

const operations = endpointTable.map((spec) => `${spec.method} ${spec.path}`);

test("every endpoint has its line, and every line its endpoint", () => {
  expect(Object.keys(matrix).toSorted()).toEqual(operations.toSorted());
});

test.each(operations)("%s lets in whom it should and nobody else", async (operation) => {
  const rule = matrix[operation];
  if (rule === undefined) throw new Error(`The matrix lacks ${operation}`);
  const mutates = !operation.startsWith("GET ");
  const expected: Record<string, Verdict> = {};
  const found: Record<string, Verdict | number> = {};
  for (const caller of callers) {
    const status = await statusOf(operation, caller.headers, rule);
    expected[caller.who] = caller.expected(rule, mutates);
    found[caller.who] = refusals.has(status) || status >= 500 ? status : "allowed";
  }
  expect(found).toEqual(expected);
});

test("a bound key gains nothing by naming its agent type where that has no meaning", async () => {
  for (const operation of operations) {
    const rule = matrix[operation];
    if (rule === undefined || rule.role === null || rule.bound) continue;
    const query = `${rule.query ?? "?"}&agentType=${agentType}`;
    const headers = { authorization: `Bearer ${boundKey}` };
    expect([400, 403], operation).toContain(await statusOf(operation, headers, { ...rule, query }));
  }
});
