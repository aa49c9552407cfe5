import { type RenderedMessage, renderMessages } from "../template/messages.ts";

export type RenderedPrompt =
  | { ok: true; messages: RenderedMessage[] }
  | { ok: false; reason: string };

/**
 * A prompt's content as messages, its variables filled in; an undefined variable is refused, never printed empty.
 * Messages that came out blank are left out: vendors refuse them.
 */
export function renderPrompt(content: string, variables: Record<string, unknown>): RenderedPrompt {
  const rendered = renderMessages(content, JSON.stringify(variables), { undefined: "strict" });
  if (!rendered.ok) {
    const { reason, line, column } = rendered.refusal;
    return { ok: false, reason: `Line ${line}, column ${column}: ${reason}` };
  }
  const messages = rendered.messages.filter((message) => message.content.trim() !== "");
  return { ok: true, messages };
}
