import { afterEach, expect, test, vi } from "vitest";
import { completeText } from "./complete.ts";
import { resolveModel } from "./models.ts";

const request = {
  system: "Be short.",
  user: "Hello",
  seed: 1,
  temperature: 0,
  maxOutputTokens: 50,
};
const keys = { openai: "key-of-openai", anthropic: "key-of-anthropic", google: "key-of-google" };

afterEach(() => vi.unstubAllGlobals());

/** Answers every request with one JSON body and remembers where it went. */
function answerWith(body: object): { url: string; headers: Headers }[] {
  const calls: { url: string; headers: Headers }[] = [];
  vi.stubGlobal("fetch", async (input: string | URL | Request, init?: RequestInit) => {
    calls.push({ url: String(input), headers: new Headers(init?.headers) });
    return Response.json(body);
  });
  return calls;
}

test("OpenAI is asked at its address with its key; cached input is billed as such", async () => {
  const calls = answerWith({
    id: "1",
    created: 1,
    model: "gpt-4.1-mini",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hi." } }],
    usage: {
      prompt_tokens: 1_000,
      completion_tokens: 100,
      total_tokens: 1_100,
      prompt_tokens_details: { cached_tokens: 800 },
      completion_tokens_details: { reasoning_tokens: 60 },
    },
  });
  const reply = await completeText(resolveModel("openai:gpt-4.1-mini", { keys }), request);
  expect(calls[0]?.url).toMatch(/^https:\/\/api\.openai\.com\//);
  expect(calls[0]?.headers.get("authorization")).toBe("Bearer key-of-openai");
  expect(reply).toMatchObject({ text: "Hi.", inputTokens: 1_000, outputTokens: 100 });
  expect(reply.costUsd).toBeCloseTo((200 * 0.4 + 800 * 0.1 + 100 * 1.6) / 1e6, 12);
});

test("Anthropic is asked at its address with its key; its cached input counts as input", async () => {
  const calls = answerWith({
    id: "1",
    type: "message",
    role: "assistant",
    model: "claude-haiku-4-5",
    content: [{ type: "text", text: "Hi." }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 200, output_tokens: 100, cache_read_input_tokens: 800 },
  });
  const reply = await completeText(resolveModel("anthropic:claude-haiku-4-5", { keys }), request);
  expect(calls[0]?.url).toMatch(/^https:\/\/api\.anthropic\.com\//);
  expect(calls[0]?.headers.get("x-api-key")).toBe("key-of-anthropic");
  expect(reply).toMatchObject({ text: "Hi.", inputTokens: 1_000, outputTokens: 100 });
  expect(reply.costUsd).toBeCloseTo((200 * 1 + 800 * 0.1 + 100 * 5) / 1e6, 12);
});

test("Google is asked at its address with its key; thoughts are billed as output", async () => {
  const calls = answerWith({
    candidates: [
      { content: { role: "model", parts: [{ text: "Hi." }] }, finishReason: "STOP", index: 0 },
    ],
    usageMetadata: {
      promptTokenCount: 1_000,
      candidatesTokenCount: 40,
      thoughtsTokenCount: 60,
      totalTokenCount: 1_100,
    },
  });
  const reply = await completeText(resolveModel("google:gemini-2.5-flash", { keys }), request);
  expect(calls[0]?.url).toMatch(/^https:\/\/generativelanguage\.googleapis\.com\//);
  expect(calls[0]?.headers.get("x-goog-api-key")).toBe("key-of-google");
  expect(reply).toMatchObject({ text: "Hi.", inputTokens: 1_000, outputTokens: 100 });
  expect(reply.costUsd).toBeCloseTo((1_000 * 0.3 + 100 * 2.5) / 1e6, 12);
});
