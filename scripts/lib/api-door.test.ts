import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiDoor } from "./api-door.mjs";

const refuse = apiDoor({
  "/api/v1/agents": { get: {} },
  "/api/v1/agents/{agentType}": { get: {}, patch: {} },
  "/api/v1/openapi.json": { get: {} },
});
const server = createServer((request, response) => {
  if (!refuse(request, response)) response.end("let through");
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.close();
});

async function ask(method: string, path: string) {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP address");
  const sent = httpRequest({ host: "127.0.0.1", port: address.port, method, path });
  sent.end();
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, allow: response.headers.allow, text };
}

test("what the document names is let through, the query left aside", async () => {
  for (const [method, path] of [
    ["GET", "/api/v1/agents?limit=1"],
    ["HEAD", "/api/v1/agents"],
    ["PATCH", "/api/v1/agents/engineer"],
    ["OPTIONS", "/api/v1/agents/engineer"],
    ["GET", "/"],
    ["POST", "/api/auth/callback/credentials"],
  ] as const)
    expect((await ask(method, path)).status, `${method} ${path}`).toBe(200);
});

test("another method is refused with the ones that are known", async () => {
  for (const method of ["DELETE", "TRACE", "POST"]) {
    const { status, allow, text } = await ask(method, "/api/v1/agents/engineer");
    expect(status).toBe(405);
    expect(allow).toBe("GET, HEAD, OPTIONS, PATCH");
    expect(JSON.parse(text).error.code).toBe("method-not-allowed");
  }
});

test("an address that the API does not have is an envelope, not a page; dots are dots", async () => {
  for (const path of ["/api/v1/nothing", "/api/v1/agents/a/b", "/api/v1/openapiXjson"]) {
    const { status, text } = await ask("GET", path);
    expect(status, path).toBe(404);
    expect(JSON.parse(text).error.code).toBe("not-found");
  }
});
