/**
 * The simulated language model behind the AI SDK's provider interface. It reads the messages it is given and nothing
 * else, answers as the instructions in them make it, and is a pure function of messages, tools, settings and seed.
 */
import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3Content,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamPart,
  SharedV3Warning,
} from "@ai-sdk/provider";
import { readConversation } from "./conversation.ts";
import type { Reply } from "./reply.ts";
import { respond } from "./respond.ts";
import { countTokens, cutToTokens } from "./tokens.ts";
import { abilities, type SimulatedModelName } from "./variants.ts";

export { type SimulatedModelName, simulatedModelNames, simulatedPrices } from "./variants.ts";

const defaultTemperature = 0.7;

/** A simulated model of one of three sizes. */
export function createSimulatedModel(name: SimulatedModelName): LanguageModelV3 {
  return {
    specificationVersion: "v3",
    provider: "simulated",
    modelId: name,
    supportedUrls: {},
    doGenerate: async (options) => generate(name, options),
    doStream: async (options) => ({ stream: streamOf(generate(name, options)) }),
  };
}

function generate(
  name: SimulatedModelName,
  options: LanguageModelV3CallOptions,
): LanguageModelV3GenerateResult {
  options.abortSignal?.throwIfAborted();
  const ability = abilities[name];
  const conversation = readConversation(options);
  const seed = options.seed ?? 0;
  const reply = respond(conversation, {
    seed,
    temperature: options.temperature ?? defaultTemperature,
    ability,
  });
  const limited = withinLimit(reply, options.maxOutputTokens);
  const inputTokens = countTokens(conversation.size);
  const outputTokens = countTokens(limited.text) + callTokens(limited);
  const latencyMs = Math.round(
    ability.latencyBaseMs +
      ability.latencyPerInputTokenMs * inputTokens +
      ability.latencyPerOutputTokenMs * outputTokens,
  );
  const reason = limited.cut ? "length" : limited.call === null ? "stop" : "tool-calls";
  return {
    content: contentOf(limited, seed, conversation.exchanges.length),
    finishReason: { unified: reason, raw: reason },
    usage: {
      inputTokens: {
        total: inputTokens,
        noCache: inputTokens,
        cacheRead: 0,
        cacheWrite: undefined,
      },
      outputTokens: { total: outputTokens, text: outputTokens, reasoning: undefined },
    },
    providerMetadata: { clock: { latencyMs } },
    warnings: warningsOf(options),
  };
}

/** The text is cut at the limit; a call that no longer fits is lost, as with any model. */
function withinLimit(reply: Reply, limit: number | undefined): Reply & { cut: boolean } {
  if (limit === undefined) return { ...reply, cut: false };
  if (countTokens(reply.text) > limit) {
    return { text: cutToTokens(reply.text, limit), call: null, cut: true };
  }
  const fits = countTokens(reply.text) + callTokens(reply) <= limit;
  return fits ? { ...reply, cut: false } : { ...reply, call: null, cut: true };
}

function callTokens({ call }: Reply): number {
  return call === null ? 0 : countTokens(call.tool + JSON.stringify(call.input)) + 4;
}

function contentOf({ text, call }: Reply, seed: number, step: number): LanguageModelV3Content[] {
  const content: LanguageModelV3Content[] = text === "" ? [] : [{ type: "text", text }];
  if (call !== null) {
    content.push({
      type: "tool-call",
      toolCallId: `call-${seed.toString(36)}-${step}`,
      toolName: call.tool,
      input: JSON.stringify(call.input),
    });
  }
  return content;
}

function warningsOf(options: LanguageModelV3CallOptions): SharedV3Warning[] {
  const unsupported = (["topK", "stopSequences", "presencePenalty", "frequencyPenalty"] as const)
    .filter((feature) => options[feature] !== undefined)
    .map((feature) => ({ type: "unsupported" as const, feature }));
  return unsupported;
}

function streamOf(
  result: LanguageModelV3GenerateResult,
): ReadableStream<LanguageModelV3StreamPart> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue({ type: "stream-start", warnings: result.warnings });
      for (const part of result.content) {
        if (part.type === "text") {
          controller.enqueue({ type: "text-start", id: "0" });
          for (const delta of part.text.match(/\S+\s*|\s+/g) ?? []) {
            controller.enqueue({ type: "text-delta", id: "0", delta });
          }
          controller.enqueue({ type: "text-end", id: "0" });
        } else if (part.type === "tool-call") controller.enqueue(part);
      }
      const { finishReason, usage, providerMetadata } = result;
      controller.enqueue({
        type: "finish",
        finishReason,
        usage,
        ...(providerMetadata === undefined ? {} : { providerMetadata }),
      });
      controller.close();
    },
  });
}
