import { contentHash } from "./canonical-json.ts";
import { GenepoolError } from "./errors.ts";

/** Where an answer came from, from best to worst. */
export const promptSources = [
  "live",
  "revalidated",
  "stale",
  "last-known-good",
  "fallback",
] as const;
export type PromptSource = (typeof promptSources)[number];

export type MessageRole = "system" | "user" | "assistant";
export type PromptMessage = { role: MessageRole; content: string };

/** Fills a template's variables in, for example with nunjucks. */
export type RenderTemplate = (
  source: string,
  variables: Readonly<Record<string, unknown>>,
) => string;

/** What a prompt says and how it is run; null where a fallback states none. */
export type PromptData = {
  agentType: string;
  tag: string;
  content: string;
  version: string | null;
  /** Rises with every move of the tag. */
  tagGeneration: number | null;
  promptId: string | null;
  contentHash: string;
  parameters: Readonly<Record<string, unknown>>;
  tools: readonly string[];
};

/** A caller's own text, or one with what it knows beside it. */
export type Fallback =
  | string
  | {
      content: string;
      version?: string;
      parameters?: Readonly<Record<string, unknown>>;
      tools?: readonly string[];
    };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The prompt in a body of the registry. Throws Error unless it is complete and its hash is right. */
export function parsePrompt(text: string, agentType: string, tag: string): PromptData {
  const body: unknown = JSON.parse(text);
  if (!isRecord(body) || !isRecord(body.tag)) throw new Error("the answer is no prompt");
  const { content, parameters, tools, version, id, content_hash: stated } = body;
  const { name, generation } = body.tag;
  if (body.agent_type !== agentType || name !== tag)
    throw new Error(`the answer is not about ${agentType} and ${tag}`);
  if (typeof generation !== "number" || !Number.isSafeInteger(generation) || generation < 1)
    throw new Error("the tag's generation is not a positive number");
  if (typeof content !== "string" || typeof version !== "string" || typeof id !== "string")
    throw new Error("the answer has no content, version or id");
  if (!isRecord(parameters) || !isTextList(tools))
    throw new Error("the answer has no parameters or tools");
  if (contentHash({ content, parameters, tools }) !== stated)
    throw new Error("the content does not have the hash that it states");
  return {
    agentType,
    tag,
    content,
    version,
    tagGeneration: generation,
    promptId: id,
    contentHash: stated,
    parameters,
    tools,
  };
}

/** Throws GenepoolError("invalid") for a fallback that is no prompt. */
export function fallbackPrompt(given: Fallback, agentType: string, tag: string): PromptData {
  const members: unknown = typeof given === "string" ? { content: given } : given;
  const { content, version = null, parameters = {}, tools = [] } = isRecord(members) ? members : {};
  const isUsable = typeof content === "string" && (version === null || typeof version === "string");
  if (!isUsable || !isRecord(parameters) || !isTextList(tools))
    throw new GenepoolError("invalid", `The fallback of "${agentType}" needs a text or {content}.`);
  return {
    agentType,
    tag,
    content,
    version,
    tagGeneration: null,
    promptId: null,
    contentHash: contentHash({ content, parameters, tools }),
    parameters,
    tools,
  };
}

/**
 * The content divided at its role markers, not rendered. A line that holds only `system:`, `user:` or `assistant:` begins
 * a message; text without any is one system message. Divide before rendering, so that no variable can forge a role.
 */
export function splitMessages(content: string): PromptMessage[] {
  const lines = content.split(/\r\n?|\n/);
  const marked = lines.map(roleOf);
  if (marked.every((role) => role === null)) return [{ role: "system", content }];
  const messages: { role: MessageRole; lines: string[] }[] = [{ role: "system", lines: [] }];
  for (const [index, line] of lines.entries()) {
    const role = marked[index] ?? null;
    if (role === null) messages.at(-1)?.lines.push(line);
    else messages.push({ role, lines: [] });
  }
  return messages
    .map(({ role, lines: own }) => ({ role, content: own.join("\n").trim() }))
    .filter(({ content: text }) => text !== "");
}

function roleOf(line: string): MessageRole | null {
  const role = /^(system|user|assistant):[ \t]*$/.exec(line)?.[1];
  return role === "system" || role === "user" || role === "assistant" ? role : null;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** What an agent is told, and where this copy came from. */
export class Prompt implements PromptData {
  readonly agentType: string;
  readonly tag: string;
  readonly content: string;
  readonly version: string | null;
  readonly tagGeneration: number | null;
  readonly promptId: string | null;
  readonly contentHash: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly tools: readonly string[];
  readonly source: PromptSource;
  /** Since the registry last confirmed this copy; null for a fallback, which it never did. */
  readonly ageMs: number | null;
  readonly #renderTemplate: RenderTemplate | null;

  constructor(
    data: PromptData,
    from: { source: PromptSource; ageMs: number | null; render: RenderTemplate | null },
  ) {
    this.agentType = data.agentType;
    this.tag = data.tag;
    this.content = data.content;
    this.version = data.version;
    this.tagGeneration = data.tagGeneration;
    this.promptId = data.promptId;
    this.contentHash = data.contentHash;
    // Its own: what a caller changes in it must not reach the next caller.
    this.parameters = { ...data.parameters };
    this.tools = [...data.tools];
    this.source = from.source;
    this.ageMs = from.ageMs;
    this.#renderTemplate = from.render;
  }

  /** The content as one text, by the service's `render` option; throws GenepoolError("render-unavailable") without one. */
  render(variables: Readonly<Record<string, unknown>> = {}): string {
    return this.#renderer()(this.content, variables);
  }

  /** The content divided at its role markers, each part rendered. */
  renderMessages(variables: Readonly<Record<string, unknown>> = {}): PromptMessage[] {
    const render = this.#renderer();
    return splitMessages(this.content).map(({ role, content }) => ({
      role,
      content: render(content, variables),
    }));
  }

  #renderer(): RenderTemplate {
    if (this.#renderTemplate !== null) return this.#renderTemplate;
    throw new GenepoolError(
      "render-unavailable",
      "Give the PromptService a `render` function, or fill in prompt.content yourself.",
    );
  }
}
