import type { LanguageModelV3CallOptions, LanguageModelV3StreamPart } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import { createSimulatedModel, simulatedModelNames, simulatedPrices } from "./model.ts";

const task = `A bar carries a load.

Design variables:
- width_mm (mm, 10 to 90): width
- teeth (teeth, 12 to 40, whole number): teeth

Requirements:
- The stress stays at or below 32.6 MPa.

Cost limit: 91.59 USD

Every requirement is tested.`;
const rules =
  "# Role\nYou are an engineer.\n\n## Rules\n- Simulate the design until every check passes.\n";

function ask(overrides: Partial<LanguageModelV3CallOptions> = {}): LanguageModelV3CallOptions {
  return {
    prompt: [
      { role: "system", content: `${rules}\n## Task\n${task}` },
      { role: "user", content: [{ type: "text", text: "Begin." }] },
    ],
    tools: ["simulate", "submit_solution"].map((name) => ({
      type: "function",
      name,
      inputSchema: { type: "object" },
    })),
    seed: 5,
    temperature: 0.3,
    ...overrides,
  };
}

async function read(stream: ReadableStream<LanguageModelV3StreamPart>) {
  const parts: LanguageModelV3StreamPart[] = [];
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
  }
  return parts;
}

const standard = createSimulatedModel("standard");

test("the same call gives the same reply, another seed another design", async () => {
  const first = await standard.doGenerate(ask());
  expect(await standard.doGenerate(ask())).toEqual(first);
  expect((await standard.doGenerate(ask({ seed: 6 }))).content).not.toEqual(first.content);
});

test("an engineer with tools calls one, within the ranges of the task", async () => {
  const { content, finishReason } = await standard.doGenerate(ask());
  expect(finishReason.unified).toBe("tool-calls");
  const call = content.find((part) => part.type === "tool-call");
  expect(call?.toolName).toBe("simulate");
  const { design } = JSON.parse(call?.input ?? "{}");
  expect(design.width_mm).toBeGreaterThanOrEqual(10);
  expect(design.width_mm).toBeLessThanOrEqual(90);
  expect(Number.isInteger(design.teeth)).toBe(true);
});

test("tokens and latency follow from the text", async () => {
  const short = await standard.doGenerate(ask());
  const long = await standard.doGenerate(
    ask({
      prompt: [
        { role: "system", content: `${rules}${"Some more words. ".repeat(200)}\n## Task\n${task}` },
      ],
    }),
  );
  expect(long.usage.inputTokens.total).toBeGreaterThan((short.usage.inputTokens.total ?? 0) + 500);
  const latency = (metadata: typeof short.providerMetadata) => Number(metadata?.clock?.latencyMs);
  expect(latency(long.providerMetadata)).toBeGreaterThan(latency(short.providerMetadata));
  expect(latency(short.providerMetadata)).toBeGreaterThan(0);
});

test("a stream holds the same text, calls and usage as the whole reply", async () => {
  const whole = await standard.doGenerate(ask());
  const { stream } = await standard.doStream(ask());
  const parts = await read(stream);
  const text = parts.map((part) => (part.type === "text-delta" ? part.delta : "")).join("");
  const calls = parts.filter((part) => part.type === "tool-call");
  expect(text).toBe(whole.content.map((part) => (part.type === "text" ? part.text : "")).join(""));
  expect(calls).toEqual(whole.content.filter((part) => part.type === "tool-call"));
  expect(parts.at(-1)).toMatchObject({ type: "finish", usage: whole.usage });
});

test("a reply stops at the limit of output tokens and a call that does not fit is lost", async () => {
  const cut = await standard.doGenerate(ask({ maxOutputTokens: 4 }));
  expect(cut.finishReason.unified).toBe("length");
  expect(cut.content.some((part) => part.type === "tool-call")).toBe(false);
  expect(cut.usage.outputTokens.total).toBeLessThanOrEqual(4);
});

test("an aborted call throws and unknown settings are warned of", async () => {
  await expect(standard.doGenerate(ask({ abortSignal: AbortSignal.abort() }))).rejects.toThrow();
  const { warnings } = await standard.doGenerate(ask({ topK: 3 }));
  expect(warnings).toEqual([{ type: "unsupported", feature: "topK" }]);
});

test("every size has a price and answers", async () => {
  for (const name of simulatedModelNames) {
    expect(simulatedPrices[name].inputUsdPerMTok).toBeGreaterThan(0);
    const { content } = await createSimulatedModel(name).doGenerate(ask());
    expect(content.length).toBeGreaterThan(0);
  }
});

test("broken tool results do not stop the engineer from handing something in", async () => {
  const prompt = ask().prompt;
  for (let step = 0; step < 12; step++) {
    const { content } = await standard.doGenerate(ask({ prompt }));
    const call = content.find((part) => part.type === "tool-call");
    if (call === undefined || call.toolName === "submit_solution") {
      expect(call?.toolName).toBe("submit_solution");
      return;
    }
    prompt.push(
      { role: "assistant", content: [{ ...call, input: JSON.parse(call.input) }] },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: call.toolCallId,
            toolName: call.toolName,
            output: { type: "text", value: "out of order" },
          },
        ],
      },
    );
  }
  expect.unreachable("twelve steps without a submission");
});
