/** Everything an agent over HTTP can do wrong: each is a failed trial that says why, in time, and never a throw. */
import http from "node:http";
import { gzipSync } from "node:zlib";
import { Webhook } from "standardwebhooks";
import { afterEach, expect, test } from "vitest";
import { type ProviderFault, trialResult } from "#lib/domain/trial.ts";
import { createHttpExecutor } from "./http.ts";
import { parseExecutors } from "./settings.ts";
import { taskOf } from "./testing/task.ts";

const servers: http.Server[] = [];
type Handler = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  body: string,
  number: number,
) => void;

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function serve(handler: Handler): Promise<string> {
  let number = 0;
  const server = http.createServer((request, response) => {
    let body = "";
    response.on("error", () => undefined);
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => handler(request, response, body, ++number));
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/run`;
}

const secret = `whsec_${Buffer.from("a secret of sixteen bytes").toString("base64")}`;

function executorAt(url: string, more: Record<string, unknown> = {}) {
  const entry = {
    name: "x",
    systems: ["s"],
    version: "1",
    kind: "http",
    url,
    secretEnv: "S",
    ...more,
  };
  const [settings] = parseExecutors(JSON.stringify({ executors: [entry] }));
  if (settings?.kind !== "http") throw new Error("not an http executor");
  const variable = (name: string) => (name === "S" ? secret : undefined);
  return createHttpExecutor(settings, { prices: {}, variable, callbacks: null, pauseMs: 5 });
}

async function resultOf(handler: Handler, more: Record<string, unknown> = {}) {
  const executor = executorAt(await serve(handler), more);
  return trialResult.parse(await executor.run(taskOf(), new AbortController().signal));
}

const good = { contract: 1, output: "positive", cost_usd: 0.01 };
const answering =
  (text: string, status = 200): Handler =>
  (_, response) =>
    response.writeHead(status).end(text);
const saying = (answer: Record<string, unknown>) =>
  answering(JSON.stringify({ contract: 1, cost_usd: 0.01, ...answer }));

test("a good answer is graded by the benchmark's grader, signed for, and sent under the trial's id", async () => {
  let seen: { headers: http.IncomingHttpHeaders; body: string } | null = null;
  const result = await resultOf((request, response, body) => {
    seen = { headers: request.headers, body };
    response.end(JSON.stringify({ ...good, tokens: { input: 5, output: 2 }, latency_ms: 12 }));
  });
  expect(result).toMatchObject({ outcome: "success", score: 1, costUsd: 0.01, latencyMs: 12 });
  if (seen === null) throw new Error("no request came");
  const { headers, body } = seen;
  const signed = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, String(v)]));
  expect(new Webhook(secret).verify(body, signed)).toMatchObject({
    contract: 1,
    trial_id: "trial-1",
    prompts: { reader: { messages: [{ role: "system" }, { role: "user", content: "Great." }] } },
  });
  expect(headers["idempotency-key"]).toBe("trial-1");
  expect(body).not.toContain('"expected"');
});

test.each<[what: string, handler: Handler, said: RegExp]>([
  ["NaN", answering('{"contract":1,"outcome":"success","score":NaN,"cost_usd":0}'), /contains NaN/],
  ["Infinity", answering('{"contract":1,"score":-Infinity}'), /contains Infinity/],
  [
    "a number past every number",
    answering('{"contract":1,"outcome":"success","score":1e999,"cost_usd":0}'),
    /score/,
  ],
  ["no score", saying({ outcome: "success" }), /neither "score" nor "scores"/],
  ["no outcome", saying({ score: 1 }), /outcome/],
  ["a score above 1", saying({ outcome: "success", score: 1.5 }), /score/],
  ["a score below 0", saying({ outcome: "failure", score: -1 }), /score/],
  ["a score as text", saying({ outcome: "success", score: "1" }), /score/],
  ["a negative cost", saying({ output: "positive", cost_usd: -1 }), /cost_usd/],
  ["half tokens", saying({ output: "positive", tokens: { input: 1.5, output: 1 } }), /tokens/],
  ["HTML", answering("<html>Bad gateway</html>"), /not JSON.*<html>/],
  ["a list", answering("[]"), /not an object/],
  ["null", answering("null"), /not an object/],
  ["nothing", answering(""), /empty/],
  ["another contract", answering('{"contract":2,"output":"x"}'), /"contract": 1; it says "2"/],
  ["no contract", answering('{"output":"x"}'), /"contract": 1; it says "nothing"/],
  ["no cost", answering('{"contract":1,"output":"positive"}'), /neither "cost_usd" nor "tokens"/],
  [
    "tokens without a price",
    saying({ output: "x", cost_usd: null, tokens: { input: 1, output: 1 }, model: "my:own" }),
    /my:own is not in the price table/,
  ],
  ["a trace of text", saying({ output: "positive", trace: "thought" }), /trace/],
  ["400", answering("what?", 400), /answered 400.*what\?/],
  ["401", answering("", 401), /secretEnv/],
  ["500", answering("", 500), /answered 500/],
  [
    "a redirect",
    (_, response) => response.writeHead(302, { location: "http://127.0.0.1/" }).end(),
    /redirects are not followed/,
  ],
  ["a reset connection", (request) => request.socket.destroy(), /did not answer/],
  [
    "half an answer",
    (_, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("{");
      setTimeout(() => response.destroy(), 5);
    },
    /did not answer/,
  ],
  [
    "compression",
    (_, response) =>
      response
        .writeHead(200, { "content-encoding": "gzip" })
        .end(gzipSync(Buffer.alloc(50_000_000))),
    /compressed \(gzip\)/,
  ],
  [
    "a deep answer",
    answering(`{"contract":1,"output":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
    /output/,
  ],
  ["202 without a way on", answering("{}", 202), /status_url/],
  [
    "a status elsewhere",
    answering('{"status_url":"http://elsewhere.example/1"}', 202),
    /status_url must be at/,
  ],
])("an agent that answers with %s fails its trial with the reason", async (_, handler, said) => {
  const result = await resultOf(handler, { retries: 1 });
  expect(result).toMatchObject({
    outcome: "failure",
    score: 0,
    failure: { errorClass: "executor-error" },
  });
  expect(result.failure?.message).toMatch(said);
});

test("an answer of 100 MB is not read past 10 MB", async () => {
  let written = 0;
  const chunk = Buffer.alloc(1_000_000, 32);
  const result = await resultOf((_, response) => {
    const more = () => {
      while (written < 100_000_000 && !response.destroyed) {
        written += chunk.length;
        if (!response.write(chunk)) return void response.once("drain", more);
      }
    };
    more();
  });
  expect(result.failure?.message).toMatch(/larger than 10 MB/);
  expect(written).toBeLessThan(40_000_000);
});

test.each<[what: string, handler: Handler]>([
  ["never answers", () => undefined],
  [
    "drips its answer",
    (_, response) => {
      const drip = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(drip));
    },
  ],
  ["is never done", answering('{"status_url":"/status","retry_after":0.01}', 202)],
])("an agent that %s fails its trial at the deadline", async (_, handler) => {
  const began = performance.now();
  const result = await resultOf(handler, { timeoutSeconds: 0.3 });
  expect(result.failure).toMatchObject({ errorClass: "timeout" });
  expect(performance.now() - began).toBeLessThan(3_000);
  // Nobody knows what it spent: the limit counts, and the message says so.
  expect(result.costUsd).toBe(0.5);
  expect(result.failure?.message).toMatch(/counted as 0.5 USD/);
});

test("429, 502, 503, 504 and lost connections are tried again, under the same id; other refusals are not", async () => {
  const ids = new Set<unknown>();
  let calls = 0;
  const result = await resultOf((request, response, _, number) => {
    calls = number;
    ids.add(request.headers["idempotency-key"]);
    if (number === 1) return void response.writeHead(503, { "retry-after": "0" }).end();
    if (number === 2) return void request.socket.destroy();
    response.end(JSON.stringify(good));
  });
  expect(result.outcome).toBe("success");
  expect([calls, ids.size]).toEqual([3, 1]);
  await resultOf((_, response, __, number) => {
    calls = number;
    response.writeHead(422).end();
  });
  expect(calls).toBe(1);
});

test("an agent that is not there is tried a bounded number of times and costs nothing", async () => {
  const result = await executorAt("http://127.0.0.1:1/").run(
    taskOf(),
    new AbortController().signal,
  );
  expect(result).toMatchObject({
    costUsd: 0,
    failure: { signature: "executor-error/not reached" },
  });
});

test.each<[what: string, handler: Handler, fault: ProviderFault | undefined]>([
  [
    "a full one",
    (_, response) => response.writeHead(429, { "retry-after": "9" }).end(),
    { kind: "passing", retryAfterMs: 9_000 },
  ],
  ["a lost one", (request) => request.socket.destroy(), { kind: "passing", retryAfterMs: null }],
  ["one that turns us away", answering("", 401), { kind: "refused", model: null }],
  ["one that refuses the request", answering("", 400), undefined],
  ["one that breaks down", answering("", 500), undefined],
  ["one that answers nonsense", answering("nonsense"), undefined],
])("of the agent, %s is told apart for those who would try again", async (_, handler, fault) => {
  const executor = executorAt(await serve(handler), { retries: 0 });
  const result = await executor.run(taskOf(), new AbortController().signal);
  expect(result.outcome).toBe("failure");
  expect(result.fault).toEqual(fault);
});

test("an agent that asks to come back in an hour keeps no place busy until then, and costs nothing", async () => {
  let requests = 0;
  const hour: Handler = (_, response) => {
    requests += 1;
    response.writeHead(503, { "retry-after": "3600" }).end();
  };
  const began = performance.now();
  const executor = executorAt(await serve(hour), { retries: 3 });
  const result = await executor.run(taskOf(), new AbortController().signal);
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(requests).toBe(1);
  expect(result).toMatchObject({
    costUsd: 0,
    failure: { signature: "executor-error/status 503" },
    fault: { kind: "passing", retryAfterMs: 3_600_000 },
  });
});

test("a cost above the limit fails the trial and is counted as it is", async () => {
  const result = await resultOf(saying({ output: "positive", cost_usd: 0.75 }));
  expect(result).toMatchObject({
    costUsd: 0.75,
    outcome: "failure",
    failure: { errorClass: "over-budget" },
  });
});

test("tokens are priced where no cost is told, and a free executor needs neither", async () => {
  const tokens = { input: 1_000_000, output: 0 };
  const priced = await resultOf(
    saying({ output: "positive", cost_usd: null, tokens, model: "openai:gpt-4.1-nano" }),
  );
  expect(priced).toMatchObject({ outcome: "success", costUsd: 0.1, inputTokens: 1_000_000 });
  const free = await resultOf(answering('{"contract":1,"output":"positive"}'), { free: true });
  expect(free).toMatchObject({ outcome: "success", costUsd: 0 });
});

test("a trace of a million steps is kept in its beginning, which says so", async () => {
  const step = '{"agent_type":"a","kind":"x"}';
  const trace = `[${'{"agent_type":"a","kind":"thought","text":"t"},'.repeat(1_000)}${Array(200_000).fill(step).join(",")}]`;
  const result = await resultOf(
    answering(`{"contract":1,"output":"positive","cost_usd":0,"trace":${trace}}`),
  );
  expect(result.steps).toHaveLength(1_001);
  expect(result.steps.at(-1)?.text).toBe("The trace had 201000 steps; the first 1000 were kept.");
});

test("a judged answer keeps its score, its error and the grader that was not content", async () => {
  const result = await resultOf(
    saying({ outcome: "failure", scores: { style: 1, facts: 0.5 }, error: "wrong year\u0000" }),
  );
  expect(result).toMatchObject({
    score: 0.75,
    failure: { errorClass: "reported", failedCheck: "facts", message: "wrong year\uFFFD" },
  });
});

test("an agent that takes its time answers 202 and is asked for the answer", async () => {
  const result = await resultOf((request, response, _, number) => {
    if (request.method === "GET" && number > 3) response.end(JSON.stringify(good));
    else response.writeHead(202).end('{"status_url":"/status/1","retry_after":0.01}');
  });
  expect(result.outcome).toBe("success");
});

test("a trial that is called off ends at once and throws the reason", async () => {
  const calledOff = new AbortController();
  const url = await serve(() => calledOff.abort(new Error("stopped by a person")));
  const executor = executorAt(url, { concurrency: 1 });
  const both = [taskOf(), taskOf()].map((task) => executor.run(task, calledOff.signal));
  const settled = await Promise.allSettled(both);
  expect(settled).toMatchObject([
    { status: "rejected", reason: { message: "stopped by a person" } },
    { status: "rejected", reason: { message: "stopped by a person" } },
  ]);
});

test("a cloud's metadata address is refused unless the operator allows it", async () => {
  for (const host of ["169.254.169.254", "[::ffff:169.254.169.254]", "2852039166"]) {
    const executor = executorAt(`http://${host}/latest`, { timeoutSeconds: 2, retries: 0 });
    const { failure } = await executor.run(taskOf(), new AbortController().signal);
    expect(failure?.message).toMatch(/metadata address; nothing was sent/);
  }
});
