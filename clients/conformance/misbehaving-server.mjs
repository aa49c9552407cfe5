// A registry that misbehaves on request. Prompts are served on one port, orders taken on another, so that the first can
// be closed. Run by itself it prints both as JSON and ends when its standard input does.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const host = "127.0.0.1";
const tricklePauseMs = 50;

/**
 * Starts it. `order` takes what a scenario's "server" step holds: {prompts, runs} queues, whose last entry repeats, or
 * "down" and "up". `seen` answers with what arrived.
 */
export async function startMisbehavingServer() {
  const state = { prompts: [{ kind: "hang" }], runs: [{ kind: "status", status: 503 }] };
  const seen = { prompts: 0, conditional: 0, runBatches: 0, runIds: [] };
  const server = createServer((request, response) => {
    response.on("error", () => request.destroy());
    answer(state, seen, request, response).catch(() => request.destroy());
  });
  await listen(server, 0);
  const { port } = server.address();

  async function order(given) {
    if (given === "down") return stop(server);
    if (given === "up") return listen(server, port);
    Object.assign(state, given);
  }
  return { port, order, seen: () => ({ ...seen }), stop: () => stop(server) };
}

async function listen(server, port) {
  if (server.listening) return;
  server.listen(port, host);
  await once(server, "listening");
}

async function stop(server) {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

async function answer(state, seen, request, response) {
  if (request.method === "POST") return takeRuns(next(state.runs), seen, request, response);
  seen.prompts += 1;
  if (request.headers["if-none-match"] !== undefined) seen.conditional += 1;
  const url = new URL(request.url, "http://registry");
  const agentType = decodeURIComponent(url.pathname.split("/")[4] ?? "");
  const tag = url.searchParams.get("tag") ?? "";
  const behaviour = next(state.prompts);
  const delayMs = behaviour.delayMs ?? 0;
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  promptBehaviours[behaviour.kind]({ behaviour, agentType, tag, request, response });
}

function next(queue) {
  return queue.length > 1 ? queue.shift() : queue[0];
}

/** The body that the registry sends: see the API's prompt answer. */
function promptBody({ behaviour, agentType, tag }) {
  const parameters = { temperature: 0.7, topP: 1, maxSteps: 12, maxOutputTokens: 1024 };
  const tools = ["calculate", "submit"];
  const content =
    behaviour.content ?? `You are {{ role }}, version ${behaviour.version}. Größe ≤ 5 µm.`;
  const genome = canonical({ content, parameters: behaviour.parameters ?? parameters, tools });
  return {
    id: "6f1c2f5e-6e0c-4d7e-9a3e-0d6f8a5b1c2d",
    agent_type: agentType,
    version: behaviour.version,
    content,
    parameters: behaviour.parameters ?? parameters,
    tools,
    content_hash: sha256(genome, "hex"),
    tag: { name: tag, generation: behaviour.generation, moved_at: "2026-01-01T00:00:00.000Z" },
    ...behaviour.override,
  };
}

function sendPrompt(context) {
  const { request, response } = context;
  const body = JSON.stringify(promptBody(context));
  const etag = `"${sha256(body, "base64url")}"`;
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  response.writeHead(200, { "content-type": "application/json", etag }).end(body);
}

function sendError(status, code, details) {
  return ({ response }) => {
    const error = { code, message: `refused with ${status}`, details, requestId: "r" };
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(JSON.stringify({ error }));
  };
}

const promptBehaviours = {
  prompt: sendPrompt,
  hang: () => undefined,
  reset: ({ request }) => request.socket.destroy(),
  status: ({ behaviour, response }) => response.writeHead(behaviour.status).end("no"),
  "not-found": sendError(404, "not-found", { reason: "no-such-tag" }),
  "proxy-404": ({ response }) => response.writeHead(404).end("<h1>404 Not Found</h1>"),
  unauthenticated: sendError(401, "unauthenticated"),
  forbidden: sendError(403, "forbidden"),
  redirect: ({ response }) => response.writeHead(302, { location: "http://127.0.0.1:9/" }).end(),
  "not-modified": ({ response }) => response.writeHead(304).end(),
  garbage: ({ response }) => response.writeHead(200).end('{"version": "1.0.0", "content'),
  "not-utf8": ({ response }) => response.writeHead(200).end(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
  nested: ({ response }) => response.writeHead(200).end("[".repeat(100_000)),
  truncated: (context) => {
    const body = Buffer.from(JSON.stringify(promptBody(context)));
    context.response.writeHead(200, { "content-length": body.length });
    context.response.write(body.subarray(0, body.length / 2), () =>
      context.request.socket.destroy(),
    );
  },
  trickle: ({ response }) => {
    response.writeHead(200, { "content-type": "application/json" });
    repeat(response, () => response.write(" "));
  },
  "trickle-headers": ({ request, response }) => {
    request.socket.write("HTTP/1.1 200 OK\r\nx-slow: ");
    repeat(response, () => request.socket.write("x"));
  },
  endless: ({ response }) => {
    response.writeHead(200, { "content-type": "application/json" });
    const block = Buffer.alloc(65_536, 0x20);
    const pour = () => {
      while (!response.destroyed && response.write(block));
    };
    response.on("drain", pour);
    pour();
  },
};

function repeat(response, write) {
  const timer = setInterval(write, tricklePauseMs);
  response.on("close", () => clearInterval(timer));
}

/** `rejects`: a batch that holds a run of this model is refused whole, as the registry's schema does. */
async function takeRuns(behaviour, seen, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  seen.runBatches += 1;
  if (behaviour.kind === "hang") return;
  if (behaviour.kind === "status") {
    response.writeHead(behaviour.status, behaviour.headers ?? {}).end("{}");
    return;
  }
  const { runs } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  if (
    runs.length > 500 ||
    runs.some(({ model }) => model !== undefined && model === behaviour.rejects)
  ) {
    sendError(400, "invalid")({ response });
    return;
  }
  const known = new Set(seen.runIds);
  const fresh = runs.filter(({ runId }) => !known.has(runId));
  seen.runIds.push(...fresh.map(({ runId }) => runId));
  const body = JSON.stringify({ recorded: fresh.length, known: runs.length - fresh.length });
  response.writeHead(200, { "content-type": "application/json" }).end(body);
}

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

function sha256(text, encoding) {
  return createHash("sha256").update(text).digest(encoding);
}

async function main() {
  const misbehaving = await startMisbehavingServer();
  const control = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.method === "POST") {
      await misbehaving.order(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    }
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(misbehaving.seen()));
  });
  await listen(control, 0);
  const ports = { prompts: misbehaving.port, control: control.address().port };
  process.stdout.write(`${JSON.stringify(ports)}\n`);
  process.stdin.resume().on("end", () => process.exit(0));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main();
}
