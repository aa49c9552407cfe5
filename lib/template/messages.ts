/**
 * Role markers: a line that holds only `system:`, `user:` or `assistant:` divides a prompt into messages. The source is
 * divided before anything renders, so no variable can forge a role.
 */
import { copyOf, readContext, type TemplateContext } from "./context.ts";
import { Budget, templateBytesMax } from "./limits.ts";
import type { TemplateRefusal } from "./refusal.ts";
import { parseTemplate, type RenderOptions, renderWith } from "./template.ts";
import type { Dict } from "./value.ts";

export type MessageRole = "system" | "user" | "assistant";

export type MessageSource = {
  role: MessageRole;
  source: string;
  /** The line of the prompt that the message begins on, from 1. */
  line: number;
};

export type RenderedMessage = { role: MessageRole; content: string };

export type MessagesResult =
  | { ok: true; messages: RenderedMessage[] }
  | { ok: false; refusal: TemplateRefusal };

const marker = /^(system|user|assistant):[ \t]*$/;

/**
 * The messages of a prompt. Without markers all of it is one system message, untouched. With markers, text before the
 * first one is the system's, blanks around each message's text are layout and dropped, and so are empty messages.
 */
export function splitMessages(source: string): MessageSource[] {
  // One message, which is then refused for its size.
  if (source.length > templateBytesMax) return [{ role: "system", source, line: 1 }];
  const lines = source.split(/\r\n?|\n/);
  if (!lines.some((line) => roleOf(line) !== undefined))
    return [{ role: "system", source, line: 1 }];
  const messages: MessageSource[] = [];
  let role: MessageRole = "system";
  let start = 0;
  const finish = (end: number) => {
    const text = lines.slice(start, end).join("\n");
    const content = text.trim();
    if (content === "") return;
    const blankLines = text.slice(0, text.indexOf(content)).split("\n").length - 1;
    messages.push({ role, source: content, line: start + 1 + blankLines });
  };
  lines.forEach((line, index) => {
    const found = roleOf(line);
    if (found === undefined) return;
    finish(index);
    role = found;
    start = index + 1;
  });
  finish(lines.length);
  return messages;
}

function roleOf(text: string): MessageRole | undefined {
  const role = marker.exec(text)?.[1];
  return role === "system" || role === "user" || role === "assistant" ? role : undefined;
}

/** Render each message by itself: what one sets, another does not see. Together they have the budget of one template. */
export function renderMessages(
  source: string,
  context: TemplateContext,
  options: RenderOptions = {},
): MessagesResult {
  const messages: RenderedMessage[] = [];
  const budget = new Budget(options.budget);
  let variables: Dict | undefined;
  const readVariables = () => {
    variables ??= readContext(context);
    return copyOf(variables, budget);
  };
  for (const { role, source: part, line } of splitMessages(source)) {
    const parsed = parseTemplate(part);
    const result = parsed.ok ? renderWith(parsed.template, readVariables, options, budget) : parsed;
    if (!result.ok) {
      const refusal = { ...result.refusal, line: result.refusal.line + line - 1 };
      return { ok: false, refusal };
    }
    messages.push({ role, content: result.output });
  }
  return { ok: true, messages };
}
