import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import path from "node:path";
import { Webhook as Verifier } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createDatabase, type Database, type DatabaseHandle } from "#lib/db/client.ts";
import { enqueue } from "#lib/db/outbox.ts";
import { createLogger } from "#lib/log.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { attemptsMax, backOffMs, claimAttempts } from "./attempts.ts";
import { type DeliveryOptions, deliverWebhooks } from "./deliver.ts";
import { listDeliveries, retryDelivery, sendTest } from "./deliveries.ts";
import { dispatchEvents } from "./dispatch.ts";
import { changeWebhook, createWebhook, type NewWebhook, rotateSecret } from "./webhooks.ts";

const root = path.resolve(import.meta.dirname, "../..");
let database: TestDatabase;
let handle: DatabaseHandle;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  handle = createDatabase({ url: database.url, poolMax: 12 });
  db = handle.db;
});

afterAll(async () => {
  await handle.close();
  await database.drop();
});

interface Received {
  headers: Record<string, string>;
  body: string;
}
type Answer = (response: http.ServerResponse, number: number) => void;
const servers: http.Server[] = [];

/** A receiver on loopback that keeps what it gets; `answer` is told how many there were. */
async function receiver(answer: Answer): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      received.push({ headers: Object.fromEntries(headers), body });
      answer(response, received.length);
    });
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/hook`, received };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
  await db.webhook.updateMany({ data: { enabled: false } });
  await db.webhookDelivery.deleteMany();
  await db.outbox.deleteMany();
});

const ok: Answer = (response) => response.end("thanks");
const failing: Answer = (response) => response.writeHead(500).end("no");

function hook(url: string, events: NewWebhook["events"] = ["tag.moved"]) {
  return createWebhook(db, { url, events }, { actor: "ada", allowPrivate: true });
}

/** A round of delivery, `laterMs` after now. */
function round(laterMs = 0, options: Partial<DeliveryOptions> = {}): Promise<void> {
  return deliverWebhooks({
    db,
    clock: { now: () => new Date(Date.now() + laterMs) },
    log: createLogger({ level: "silent", name: "test" }),
    signal: new AbortController().signal,
    allowPrivate: true,
    ...options,
  });
}

const tell = () => enqueue(db, "tag.moved", { agentType: "engineer", tag: "canary" });
const logOf = async (webhookId: string) => (await listDeliveries(db, { webhookId })).items;
const hour = 3_600_000;

test("an event reaches each webhook that asked for it, signed so that the library verifies it", async () => {
  const { url, received } = await receiver(ok);
  const { webhook, secret } = await hook(url);
  const other = await hook(url, ["budget.exhausted"]);
  await tell();
  await round();
  expect(received).toHaveLength(1);
  const [{ headers, body } = { headers: {}, body: "" }] = received;
  expect(new Verifier(secret).verify(body, headers)).toMatchObject({
    type: "tag.moved",
    data: { agentType: "engineer", tag: "canary" },
  });
  expect(() => new Verifier(other.secret).verify(body, headers)).toThrow(/No matching/);
  expect(() => new Verifier(secret).verify(`${body} `, headers)).toThrow(/No matching/);
  expect(await logOf(webhook.id)).toMatchObject([
    {
      status: "delivered",
      attempts: 1,
      responseStatus: 200,
      responseExcerpt: "thanks",
      error: null,
      eventId: headers["webhook-id"],
    },
  ]);
  expect(await logOf(other.webhook.id)).toEqual([]);
});

test("what happened before a webhook was made is not told to it, and what is told once is told once", async () => {
  const { url, received } = await receiver(ok);
  await db.outbox.create({
    data: { topic: "tag.moved", payload: {}, createdAt: new Date(Date.now() - 1_000) },
  });
  await hook(url, ["tag.moved", "budget.exhausted"]);
  const key = { onceKey: "budget.exhausted/2026-11-23/day" };
  await enqueue(db, "budget.exhausted", { day: "2026-11-23" }, key);
  await enqueue(db, "budget.exhausted", { day: "2026-11-23" }, key);
  await round();
  expect(received.map(({ body }) => JSON.parse(body).type)).toEqual(["budget.exhausted"]);
});

test("a receiver that fails gets the same event again under the same id, until it answers", async () => {
  const { url, received } = await receiver((response, number) =>
    number < 3 ? failing(response, number) : ok(response, number),
  );
  const { webhook } = await hook(url);
  await tell();
  await round();
  const [first] = await logOf(webhook.id);
  expect(first).toMatchObject({ status: "pending", attempts: 1, error: "Answered 500." });
  const waitMs = (first?.nextAttemptAt?.getTime() ?? 0) - (first?.lastAttemptAt?.getTime() ?? 0);
  expect(waitMs).toBeGreaterThanOrEqual(8_000);
  await round();
  expect(received).toHaveLength(1);
  await round(hour);
  await round(2 * hour);
  await round(3 * hour);
  expect(received).toHaveLength(3);
  expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  const moments = received.map(({ headers }) => Number(headers["webhook-timestamp"]));
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  expect(await logOf(webhook.id)).toMatchObject([{ status: "delivered", attempts: 3 }]);
});

test("a receiver that hangs, redirects or answers too late is asked again", async () => {
  const hanging = await receiver(() => undefined);
  const redirecting = await receiver((response) =>
    response.writeHead(302, { location: "/elsewhere" }).end(),
  );
  let late: http.ServerResponse | null = null;
  const tooLate = await receiver((response) => {
    late = response;
  });
  const hooks = [];
  for (const { url } of [hanging, redirecting, tooLate]) hooks.push((await hook(url)).webhook);
  await tell();
  await round(0, { timeoutMs: 150 });
  // The answer comes after the sender has gone: it must not count.
  (late as http.ServerResponse | null)?.end("thanks");
  const errors = [];
  for (const { id } of hooks) errors.push(...(await logOf(id)).map(({ error }) => error));
  expect(errors).toEqual([
    "No answer within 150 ms.",
    "Answered 302: redirects are not followed.",
    "No answer within 150 ms.",
  ]);
  await round(hour, { timeoutMs: 150 });
  for (const { received } of [hanging, redirecting, tooLate]) expect(received).toHaveLength(2);
});

test("after its last attempt a delivery is failed and stays in the log until somebody retries it", async () => {
  let isUp = false;
  const { url, received } = await receiver((response, number) =>
    (isUp ? ok : failing)(response, number),
  );
  const { webhook } = await hook(url);
  await tell();
  for (let i = 0; i < attemptsMax + 3; i++) await round(i * 24 * hour);
  expect(received).toHaveLength(attemptsMax);
  const [failed] = (await listDeliveries(db, { webhookId: webhook.id, status: "failed" })).items;
  expect(failed).toMatchObject({ attempts: attemptsMax, nextAttemptAt: null, responseStatus: 500 });
  isUp = true;
  const names = { webhookId: webhook.id, deliveryId: failed?.id ?? "" };
  expect(await retryDelivery(db, names, { actor: "ada" })).toMatchObject({ status: "pending" });
  await round();
  expect(await logOf(webhook.id)).toMatchObject([{ status: "delivered", attempts: 1 }]);
  expect(received.at(-1)?.headers["webhook-id"]).toBe(failed?.eventId);
});

test("attempts last for about a day, each pause longer than the one before, and differ between deliveries", () => {
  const pauses = Array.from({ length: attemptsMax - 1 }, (_, i) => backOffMs("a", i + 1));
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  const hours = pauses.reduce((sum, ms) => sum + ms, 0) / hour;
  expect(hours).toBeGreaterThan(19);
  expect(hours).toBeLessThan(30);
  expect(backOffMs("a", 5)).not.toBe(backOffMs("b", 5));
});

/** A round in a process of its own, which the receiver can kill. */
const roundInChild = `
  import { createDatabase } from "#lib/db/client.ts";
  import { createLogger } from "#lib/log.ts";
  import { deliverWebhooks } from "#lib/webhooks/deliver.ts";
  await deliverWebhooks({
    db: createDatabase({ url: process.argv[1], poolMax: 2 }).db,
    clock: { now: () => new Date() },
    log: createLogger({ level: "silent", name: "child" }),
    signal: new AbortController().signal,
    allowPrivate: true,
  });`;

test("a process killed between sending and recording leaves a delivery that is sent again under the same id", async () => {
  let child: ChildProcess | null = null;
  const { url, received } = await receiver((response, number) => {
    if (number === 1) child?.kill("SIGKILL");
    else ok(response, number);
  });
  const { webhook } = await hook(url);
  await tell();
  const script = ["--import", "tsx", "--input-type=module", "--eval", roundInChild, database.url];
  child = spawn(process.execPath, script, { cwd: root, stdio: "ignore" });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  expect(await logOf(webhook.id)).toMatchObject([{ status: "pending", attempts: 1 }]);
  // Until its lease is over, the attempt might be under way.
  await round();
  expect(received).toHaveLength(1);
  await round(61_000);
  expect(received).toHaveLength(2);
  expect(received[1]?.headers["webhook-id"]).toBe(received[0]?.headers["webhook-id"]);
  expect(received[1]?.body).toBe(received[0]?.body);
  expect(await logOf(webhook.id)).toMatchObject([{ status: "delivered", attempts: 2 }]);
});

test("an attempt that dies with its process each time is not made for ever", async () => {
  const { url, received } = await receiver(ok);
  const { webhook } = await hook(url);
  await tell();
  await dispatchEvents(db, { now: () => new Date() });
  for (let i = 0; i < attemptsMax; i++)
    await claimAttempts(db, { now: new Date(Date.now() + i * hour), limit: 1 });
  await round(20 * hour);
  expect(received).toHaveLength(0);
  expect(await logOf(webhook.id)).toMatchObject([
    { status: "failed", attempts: attemptsMax, error: expect.stringContaining("cut off") },
  ]);
});

test("several processes at once deliver each event to each webhook exactly once while nothing fails", async () => {
  const { url, received } = await receiver(ok);
  for (let i = 0; i < 3; i++) await hook(url);
  for (let i = 0; i < 20; i++) await tell();
  await Promise.all(Array.from({ length: 4 }, () => round()));
  const ids = received.map(({ headers }) => headers["webhook-id"]);
  expect(ids).toHaveLength(60);
  expect(new Set(ids).size).toBe(20);
});

test("a receiver that hangs holds up neither the others nor more than four attempts", async () => {
  const slow = await receiver(() => undefined);
  const quick = await receiver(ok);
  await hook(slow.url);
  await hook(quick.url);
  for (let i = 0; i < 30; i++) await tell();
  const ending = new AbortController();
  const { promise, done } = reached(() => quick.received.length === 30);
  const running = round(0, { signal: ending.signal });
  await promise;
  expect(slow.received.length).toBeLessThanOrEqual(4);
  ending.abort();
  await running;
  done();
});

test("a process that ends gives its attempts back uncounted", async () => {
  const { url, received } = await receiver(() => undefined);
  const { webhook } = await hook(url);
  await tell();
  const ending = new AbortController();
  const { promise, done } = reached(() => received.length === 1);
  const running = round(0, { signal: ending.signal });
  await promise;
  ending.abort();
  await running;
  done();
  expect(await logOf(webhook.id)).toMatchObject([{ status: "pending", attempts: 0 }]);
});

test("a private address is never connected to unless that is allowed", async () => {
  const { url, received } = await receiver(ok);
  const { webhook } = await hook(url);
  const named = await hook("http://inner.example/hook");
  await tell();
  const resolve = async () => [{ address: "10.1.2.3", family: 4 }];
  await round(0, { allowPrivate: false, resolve });
  for (const { id } of [webhook, named.webhook])
    expect((await logOf(id))[0]?.error).toContain("private address");
  expect(received).toEqual([]);
});

test("after a rotation both secrets sign for a day, then the new one alone", async () => {
  const { url, received } = await receiver(ok);
  const { webhook, secret } = await hook(url);
  const rotated = await rotateSecret(db, webhook.id, { actor: "ada" });
  await tell();
  await round();
  for (const one of [secret, rotated.secret])
    new Verifier(one).verify(received[0]?.body ?? "", received[0]?.headers ?? {});
  await tell();
  await round(25 * hour);
  expect(received[1]?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
});

test("a webhook that is switched off gets nothing any more, and its waiting deliveries are over", async () => {
  const { url, received } = await receiver(failing);
  const context = { actor: "ada", allowPrivate: true };
  const { webhook } = await hook(url);
  await tell();
  await round();
  await changeWebhook(db, webhook.id, { enabled: false }, context);
  await tell();
  await round(hour);
  expect(received).toHaveLength(1);
  expect(await logOf(webhook.id)).toMatchObject([
    { status: "failed", error: "The webhook was switched off." },
  ]);
  await expect(sendTest(db, webhook.id, { actor: "ada" })).rejects.toMatchObject({
    code: "conflict",
  });
  await changeWebhook(db, webhook.id, { enabled: true }, context);
  await sendTest(db, webhook.id, { actor: "ada" });
  await round(hour);
  expect(received[1]?.headers["webhook-id"]).toMatch(/^evt_/);
  expect(JSON.parse(received[1]?.body ?? "{}")).toMatchObject({ type: "webhook.test" });
});

/** A promise for a state that a receiver gets into; looked at by turns of the event loop. */
function reached(isSo: () => boolean): { promise: Promise<void>; done: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<void>((resolve) => {
    timer = setInterval(() => {
      if (isSo()) resolve();
    }, 5);
  });
  return { promise, done: () => clearInterval(timer) };
}
