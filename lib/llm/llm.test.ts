import { APICallError, RetryError } from "ai";
import { expect, test, vi } from "vitest";
import { AppError } from "../errors.ts";
import { type StubReply, startStubServer } from "../harness/testing/stub-server.ts";
import {
  completeText,
  highestCostUsd,
  ModelUnavailable,
  type TextCallControls,
} from "./complete.ts";
import { resolveModel } from "./models.ts";
import { costUsd, listPrices, parsePriceTable, tokensAtMost } from "./prices.ts";
import { providerFailure, providerFault, withoutSecrets } from "./provider-error.ts";

const price = { inputUsdPerMTok: 2, outputUsdPerMTok: 8, cachedInputUsdPerMTok: 0.5 };
const keys = { openai: "sk-a", anthropic: "sk-b", google: "g", compatible: { url: "http://x/v1" } };

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid") return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

test("every listed model resolves to its provider, and none to the simulation", () => {
  for (const id of Object.keys(listPrices)) {
    const resolved = resolveModel(id, { keys });
    expect(resolved).toMatchObject({ id, simulated: false, local: false, price: listPrices[id] });
    expect(`${resolved.model.provider}:${resolved.model.modelId}`).toBe(id);
  }
  expect(resolveModel("simulated", { keys: {} })).toMatchObject({
    id: "simulated:standard",
    simulated: true,
    local: true,
  });
});

test("a name that is no model is refused with what to write instead", () => {
  expect(refusal(() => resolveModel("gpt-4o", { keys }))).toContain("provider:name");
  expect(refusal(() => resolveModel("openai:", { keys }))).toContain("provider:name");
  expect(refusal(() => resolveModel("other:model", { keys }))).toContain("compatible");
  expect(refusal(() => resolveModel("simulated:huge", { keys }))).toContain("large");
});

test("a model without a key or a price is refused with the way to give one", () => {
  expect(refusal(() => resolveModel("openai:gpt-4o", { keys: {} }))).toContain("OPENAI_API_KEY");
  expect(refusal(() => resolveModel("compatible:own", { keys }))).toContain("GENEPOOL_PRICES_FILE");
  const free = { "compatible:own": { inputUsdPerMTok: 0, outputUsdPerMTok: 0 } };
  expect(resolveModel("compatible:own", { keys, prices: free }).price.inputUsdPerMTok).toBe(0);
});

test("names that every object has are no models with a price", () => {
  expect(refusal(() => resolveModel("openai:constructor", { keys }))).toContain("no price");
  for (const name of ["toString", "__proto__", "constructor:x"])
    expect(refusal(() => resolveModel(name, { keys }))).not.toBe("");
});

test("cached input is billed at its own price, and never more of it than there was input", () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 500_000, cachedInputTokens: 400_000 };
  expect(costUsd(usage, price)).toBeCloseTo(0.6 * 2 + 0.4 * 0.5 + 0.5 * 8, 12);
  const { cachedInputUsdPerMTok: _, ...plain } = price;
  expect(costUsd(usage, plain)).toBeCloseTo(2 + 4, 12);
  expect(costUsd({ ...usage, cachedInputTokens: 9_000_000 }, price)).toBeCloseTo(0.5 + 4, 12);
});

test("the bound of tokens holds for every script", () => {
  expect(tokensAtMost("abc")).toBe(3);
  expect(tokensAtMost("漢字")).toBe(6);
  expect(tokensAtMost("")).toBe(0);
});

test("a price file is read or refused with what is wrong in it", () => {
  expect(
    parsePriceTable('{"compatible:m": {"inputUsdPerMTok": 1, "outputUsdPerMTok": 2}}'),
  ).toEqual({ "compatible:m": { inputUsdPerMTok: 1, outputUsdPerMTok: 2 } });
  expect(refusal(() => parsePriceTable("{"))).toContain("not JSON");
  expect(refusal(() => parsePriceTable('{"m": {"inputUsdPerMTok": -1}}'))).toContain("m");
});

test("credentials are removed from what a provider says, other words stay", () => {
  for (const secret of [
    "sk-proj-abcDEF123456",
    "Bearer abc.def.ghi",
    "AIzaSyA1234567890abcdef",
    "api_key=abcdef123456",
    "0123456789abcdef0123456789abcdef",
  ])
    expect(withoutSecrets(`The key ${secret} is wrong.`)).toBe("The key [removed] is wrong.");
  const plain = "The model gpt-4.1-mini-2025-04-14 does not exist; see https://example.com/docs.";
  expect(withoutSecrets(plain)).toBe(plain);
});

test("a failure tells its status and whether to try again, through retries", () => {
  const call = (statusCode: number) =>
    new APICallError({
      message: "Overloaded",
      url: "http://x",
      requestBodyValues: { apiKey: "sk-abc123456" },
      statusCode,
    });
  expect(providerFailure(call(503))).toEqual({
    status: 503,
    retryable: true,
    retryAfterMs: null,
    refused: false,
    message: "503: Overloaded",
  });
  expect(providerFailure(call(400))).toMatchObject({ retryable: false, refused: false });
  const retried = new RetryError({
    message: "Failed after 3 attempts",
    reason: "maxRetriesExceeded",
    errors: [call(500), call(429)],
  });
  expect(providerFailure(retried)).toMatchObject({ status: 429, retryable: true });
  expect(providerFailure("odd")).toMatchObject({ status: null, retryable: false });
});

test("a failure tells how long to wait and whether the provider refuses every call", () => {
  const call = (statusCode: number, responseBody = "", responseHeaders = {}) => {
    const error = { message: "No.", url: "http://x", requestBodyValues: {}, statusCode };
    return providerFailure(new APICallError({ ...error, responseBody, responseHeaders }));
  };
  expect(call(429, "", { "retry-after": "7" }).retryAfterMs).toBe(7_000);
  expect(call(429, "", { "retry-after": "7", "retry-after-ms": "50" }).retryAfterMs).toBe(50);
  expect(providerFault(call(429, "", { "retry-after": "7" }), "m")).toEqual({
    kind: "passing",
    retryAfterMs: 7_000,
  });
  for (const status of [401, 402, 404])
    expect(providerFault(call(status), "m")).toEqual({ kind: "refused", model: "m" });
  const empty = call(429, '{"error": {"code": "insufficient_quota"}}');
  expect(empty).toMatchObject({ retryable: false, refused: true });
  expect(call(400, '{"reason": "API_KEY_INVALID"}').refused).toBe(true);
  for (const status of [400, 403, 413, 422])
    expect(providerFault(call(status), "m")).toBeUndefined();
});

const request = {
  system: "Be short.",
  user: "Hello",
  seed: 1,
  temperature: 0,
  maxOutputTokens: 50,
};
const id = "compatible:stub";

test("a completion reports usage and cost within the bound reserved for it", async () => {
  const server = await startStubServer([
    { status: 429, headers: { "retry-after-ms": "1" } },
    {
      text: "Hi.",
      usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    },
  ]);
  const model = resolveModel(id, {
    keys: { compatible: { url: server.url } },
    prices: { [id]: price },
  });
  const reply = await completeText(model, request);
  await server.close();
  expect(reply).toMatchObject({ text: "Hi.", inputTokens: 12, outputTokens: 3 });
  expect(reply.costUsd).toBeCloseTo((12 * 2 + 3 * 8) / 1e6, 12);
  expect(reply.costUsd).toBeLessThanOrEqual(highestCostUsd(model, request));
  expect(server.requests).toHaveLength(2);
});

test("a setting that a vendor does not take prints nothing: standard output is for answers", async () => {
  const info = vi.spyOn(console, "info").mockImplementation(() => {});
  const simulated = resolveModel("simulated", { keys: {} });
  const model: typeof simulated.model = {
    ...simulated.model,
    doGenerate: async (options) => ({
      ...(await simulated.model.doGenerate(options)),
      warnings: [{ type: "unsupported", feature: "seed" }],
    }),
  };
  await completeText({ ...simulated, model }, request);
  expect(info).not.toHaveBeenCalled();
  info.mockRestore();
});

test("a completion that fails says why as an unavailable service, without the key", async () => {
  const server = await startStubServer([{ status: 401, message: "Wrong key sk-secret-12345." }]);
  const model = resolveModel(id, {
    keys: { compatible: { url: server.url, apiKey: "sk-secret-12345" } },
    prices: { [id]: price },
  });
  const failed = await completeText(model, request).catch((error: unknown) => error);
  await server.close();
  expect(failed).toBeInstanceOf(AppError);
  expect(failed).toMatchObject({ code: "unavailable", details: { status: 401, retryable: false } });
  expect(String(failed)).not.toContain("sk-secret");
  expect(failed).not.toHaveProperty("cause.requestBodyValues");
});

/** A completion by a model whose server answers by this script, and what it was asked. */
async function completed(script: readonly StubReply[], controls: TextCallControls = {}) {
  const server = await startStubServer(script);
  const model = resolveModel(id, {
    keys: { compatible: { url: server.url } },
    prices: { [id]: price },
  });
  const highestUsd = highestCostUsd(model, request);
  const outcome = await completeText(model, request, controls).catch((error: unknown) => error);
  await server.close();
  return { outcome, highestUsd, asked: server.requests.length };
}

test("a completion that is called off counts at the most that it may have been billed", async () => {
  const signal = AbortSignal.timeout(200);
  const { outcome, highestUsd } = await completed([{ hang: true }], { signal });
  expect(outcome).toBeInstanceOf(ModelUnavailable);
  expect(outcome).toMatchObject({ costUsd: highestUsd });
});

test("a broken connection counts as billed, and is asked again only where the money covers both", async () => {
  const script = [{ cut: true as const }, { text: "Hi." }];
  const once = await completed(script);
  expect(once).toMatchObject({ asked: 1, outcome: { costUsd: once.highestUsd } });
  const { highestUsd } = once;
  const again = await completed(script, { limitUsd: 2 * highestUsd });
  expect(again).toMatchObject({ asked: 2, outcome: { text: "Hi." } });
  expect(again.outcome).toMatchObject({
    costUsd: expect.closeTo(highestUsd + (100 * 2 + 20 * 8) / 1e6, 12),
  });
});

test("a refused call and a server that is not there bill nothing", async () => {
  const refused = await completed([{ status: 400 }]);
  expect(refused.outcome).toMatchObject({ costUsd: 0, details: { status: 400 } });
  const closed = await startStubServer([]);
  await closed.close();
  const model = resolveModel(id, {
    keys: { compatible: { url: closed.url } },
    prices: { [id]: price },
  });
  const hurry = AbortSignal.abort();
  const away = await completeText(model, request, { hurry }).catch((error: unknown) => error);
  expect(away).toMatchObject({ costUsd: 0, details: { status: null, retryable: true } });
});

test("an answer that cannot be read was billed all the same", async () => {
  const { outcome, highestUsd } = await completed([{ body: "not JSON" }]);
  expect(outcome).toMatchObject({ costUsd: highestUsd });
});
