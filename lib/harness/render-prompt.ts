import { renderMessages } from "../template/messages.ts";

export interface RenderedMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

export type RenderedPrompt =
  | { ok: true; messages: RenderedMessage[] }
  | { ok: false; reason: string };

/** A prompt's content as messages, its variables filled in; an undefined variable is refused, never printed empty. */
export function renderPrompt(content: string, variables: Record<string, unknown>): RenderedPrompt {
  const rendered = renderMessages(content, JSON.stringify(variables), { undefined: "strict" });
  if (!rendered.ok) {
    const { reason, line, column } = rendered.refusal;
    return { ok: false, reason: `Line ${line}, column ${column}: ${reason}` };
  }
  return { ok: true, messages: rendered.messages };
}
