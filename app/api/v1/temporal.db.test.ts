import { randomBytes } from "node:crypto";
import { defaultPayloadConverter } from "@temporalio/common";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { encryptionCodec } from "#lib/temporal/codec.ts";
import { parseCodecKeys } from "#lib/temporal/codec-keys.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import { makeAgentType } from "#tests/factories.ts";

const origin = "http://localhost:8233";
const key = `k1:${randomBytes(32).toString("base64")}`;
let api: ApiCaller;
let handlers: typeof import("./temporal/codec/decode/route.ts");

beforeAll(async () => {
  vi.stubEnv("GENEPOOL_TEMPORAL_CODEC_KEY", key);
  vi.stubEnv("GENEPOOL_TEMPORAL_UI_ORIGIN", `${origin}/`);
  api = await startApi();
  handlers = await import("./temporal/codec/decode/route.ts");
});

afterAll(() => api.close());

const base64 = (bytes: Uint8Array | null | undefined) =>
  Buffer.from(bytes ?? []).toString("base64");

async function sealed() {
  const keys = parseCodecKeys(key, undefined);
  if (keys === null) throw new Error("a key was given");
  const value = defaultPayloadConverter.toPayload({ trials: 25 });
  const [payload] = await encryptionCodec(keys).encode([value]);
  return {
    metadata: Object.fromEntries(
      Object.entries(payload?.metadata ?? {}).map(([name, bytes]) => [name, base64(bytes)]),
    ),
    data: base64(payload?.data),
  };
}

test("payloads are decrypted for a person whom we know", async () => {
  const answer = await api.ask(
    handlers.POST,
    {},
    {
      method: "POST",
      body: { payloads: [await sealed()] },
    },
  );
  expect(answer.status).toBe(200);
  const { payloads } = await answer.json();
  expect(Buffer.from(payloads[0].data, "base64").toString()).toBe('{"trials":25}');
});

test("the pages of Temporal's origin may ask and read, those of no other", async () => {
  const ask = (from: string) =>
    handlers.OPTIONS(
      new Request("http://genepool.test/", { method: "OPTIONS", headers: { origin: from } }),
    );
  expect(ask(origin).headers.get("access-control-allow-origin")).toBe(origin);
  expect(ask(origin).headers.get("access-control-allow-headers")).toContain("authorization");
  expect(ask("http://evil.example").headers.get("access-control-allow-origin")).toBeNull();
});

test("without a session or a key nothing is decrypted, and the refusal can be read there too", async () => {
  const request = new Request("http://genepool.test/", {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: JSON.stringify({ payloads: [] }),
  });
  const answer = await handlers.POST(request, { params: Promise.resolve({}) });
  expect(answer.status).toBe(401);
  expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
});

test("without Temporal there is no loop, which is said and nothing is written", async () => {
  const agentType = "engineer";
  await makeAgentType(api.db, { name: agentType });
  const loop = await import("./agents/[agentType]/loop/route.ts");
  const order = { method: "POST", body: { kind: "generation" } };
  const refused = await api.ask(loop.POST, { agentType }, order);
  expect(refused.status).toBe(409);
  expect((await refused.json()).error.message).toMatch(/TEMPORAL_ADDRESS/);
  const shown = await (await api.ask(loop.GET, { agentType })).json();
  expect(shown).toMatchObject({ configured: false, state: null, orders: [] });
});
