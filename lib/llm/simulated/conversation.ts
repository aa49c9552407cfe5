/** The messages of a call as the simulated model sees them: text, and its own tool calls with their results. */
import type {
  LanguageModelV3CallOptions,
  LanguageModelV3Message,
  LanguageModelV3ToolResultOutput,
} from "@ai-sdk/provider";

/** One tool call of this conversation and what came back; null while there is no result. */
export interface Exchange {
  id: string;
  tool: string;
  input: Record<string, unknown>;
  result: unknown;
}

export interface Turn {
  role: "user" | "assistant";
  text: string;
}

export interface Conversation {
  system: string;
  /** Turns with text, in their order. */
  turns: Turn[];
  exchanges: Exchange[];
  /** Names of the tools on offer. */
  tools: string[];
  /** Every text of the conversation, for counting. */
  size: string;
}

/** Reads a call's prompt. Files are not looked at: the model has no eyes. */
export function readConversation(options: LanguageModelV3CallOptions): Conversation {
  const exchanges: Exchange[] = [];
  const turns: Turn[] = [];
  const system: string[] = [];
  for (const message of options.prompt) {
    if (message.role === "system") system.push(message.content);
    else if (message.role === "tool") readResults(message, exchanges);
    else {
      const text = textOf(message);
      if (text !== "") turns.push({ role: message.role, text });
      if (message.role === "assistant") readCalls(message, exchanges);
    }
  }
  const toolTexts = (options.tools ?? []).map((tool) =>
    tool.type === "function" ? `${tool.name} ${tool.description ?? ""}` : tool.name,
  );
  return {
    system: system.join("\n\n"),
    turns,
    exchanges,
    tools: (options.tools ?? []).map((tool) => tool.name),
    size: [
      ...system,
      ...turns.map(({ text }) => text),
      ...exchanges.map((exchange) => JSON.stringify([exchange.input, exchange.result])),
      ...toolTexts,
    ].join("\n"),
  };
}

/** Everything said to the model in one text: the instructions and the user's turns. */
export function promptText({ system, turns }: Conversation): string {
  const said = turns.filter(({ role }) => role === "user").map(({ text }) => text);
  return [system, ...said].filter((text) => text !== "").join("\n\n");
}

function textOf(message: Extract<LanguageModelV3Message, { role: "user" | "assistant" }>): string {
  const parts: string[] = [];
  for (const part of message.content) if (part.type === "text") parts.push(part.text);
  return parts.join("\n").trim();
}

function readCalls(
  message: Extract<LanguageModelV3Message, { role: "assistant" }>,
  exchanges: Exchange[],
): void {
  for (const part of message.content) {
    if (part.type !== "tool-call") continue;
    exchanges.push({
      id: part.toolCallId,
      tool: part.toolName,
      input: asRecord(part.input),
      result: null,
    });
  }
}

function readResults(
  message: Extract<LanguageModelV3Message, { role: "tool" }>,
  exchanges: Exchange[],
): void {
  for (const part of message.content) {
    if (part.type !== "tool-result") continue;
    const exchange = exchanges.find(({ id }) => id === part.toolCallId);
    if (exchange !== undefined) exchange.result = resultOf(part.output);
  }
}

function resultOf(output: LanguageModelV3ToolResultOutput): unknown {
  switch (output.type) {
    case "json":
    case "error-json":
      return output.value;
    case "text":
      return parsed(output.value);
    case "error-text":
      return { error: output.value };
    case "execution-denied":
      return { error: output.reason ?? "denied" };
    case "content":
      return output.value.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A tool may answer in plain words; then the words are the result.
    return text;
  }
}

export function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value === "string") return asRecord(parsed(value));
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
