import { once } from "node:events";
import { createServer, request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { allowConsole } from "#tests/console-guard.ts";
import { setClientAddress } from "./forwarded-for.mjs";
import { promptDoor } from "./prompt-door.mjs";

const mounted = Symbol.for("genepool.prompt-fetch");
const servePrompt = promptDoor();
let proxies = 0;
const server = createServer((request, response) => {
  setClientAddress(request, proxies);
  if (servePrompt(request, response)) return;
  response.end(`let through for ${request.headers["x-forwarded-for"]}`);
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.close();
});
afterEach(() => {
  proxies = 0;
  Reflect.deleteProperty(globalThis, mounted);
});

async function ask(method: string, path: string, headers: OutgoingHttpHeaders = {}) {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP address");
  const sent = httpRequest({ host: "127.0.0.1", port: address.port, method, path, headers });
  sent.end();
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

function mount(promptFetch: (request: Request) => Promise<Response>): void {
  Object.assign(globalThis, { [mounted]: promptFetch });
}

const path = "/api/v1/agents/engineer/prompt?tag=prod";

test("a read of the controller's path is answered by the mounted function, with its status, headers and body", async () => {
  mount(async (request) => {
    const { pathname, search } = new URL(request.url);
    const told = `${request.method} ${pathname}${search} ${request.headers.get("authorization")}`;
    return new Response(told, { status: 200, headers: { etag: '"a"' } });
  });
  const answer = await ask("GET", path, { authorization: "Bearer k" });
  expect(answer).toMatchObject({ status: 200, text: `GET ${path} Bearer k` });
  expect(answer.headers).toMatchObject({
    etag: '"a"',
    "content-length": String(answer.text.length),
    "x-content-type-options": "nosniff",
  });
});

test("HEAD has the headers of GET and no body, and a 304 names no length", async () => {
  mount(async (request) =>
    request.headers.has("if-none-match")
      ? new Response(null, { status: 304, headers: { etag: '"a"' } })
      : new Response("the prompt"),
  );
  const head = await ask("HEAD", path);
  expect([head.status, head.text, head.headers["content-length"]]).toEqual([200, "", "10"]);
  const same = await ask("GET", path, { "if-none-match": '"a"' });
  expect([same.status, same.text, same.headers["content-length"]]).toEqual([304, "", undefined]);
});

test("everything else is let through, and so is the path while nothing is mounted", async () => {
  expect((await ask("GET", path)).text).toContain("let through");
  mount(async () => new Response("mounted"));
  for (const [method, other] of [
    ["POST", path],
    ["GET", "/api/v1/agents/engineer"],
    ["GET", "/api/v1/agents/engineer/prompt/x"],
    ["GET", "/api/v1/agents//prompt"],
    ["GET", "/agents/engineer/prompt"],
  ] as const)
    expect((await ask(method, other)).text, `${method} ${other}`).toContain("let through");
});

test("a function that fails ends the connection instead of leaving it open", async () => {
  mount(() => Promise.reject(new Error("planned")));
  allowConsole(/planned/);
  await expect(ask("GET", path)).rejects.toThrow("socket hang up");
});

test("a client cannot claim an address, and the entries of one's own proxies count", async () => {
  const claimed = { "x-forwarded-for": "6.6.6.6, 198.51.100.7" };
  const seen = async () => (await ask("GET", "/", claimed)).text.replace("let through for ", "");
  expect(await seen()).toBe("127.0.0.1");
  proxies = 1;
  expect(await seen()).toBe("198.51.100.7");
  proxies = 2;
  expect(await seen()).toBe("6.6.6.6");
  proxies = 5;
  expect(await seen()).toBe("6.6.6.6");
});
