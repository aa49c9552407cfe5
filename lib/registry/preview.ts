import { checkTemplate } from "../template/check.ts";
import { type RenderedMessage, renderMessages } from "../template/messages.ts";
import { variablesOf } from "./admission.ts";

/** A refusal with its place: what the save dialogue, the command line and the API all show. */
export interface ShownRefusal {
  reason: string;
  construct: string;
  line: number;
  column: number;
}

export interface Preview {
  /** The messages as one text, under their role markers where there are several. */
  text: string | null;
  messages: RenderedMessage[] | null;
  refusal: ShownRefusal | null;
}

/** The messages that a model would get, or why there are none. Undefined variables are refused, never printed empty. */
export function previewTemplate(content: string, variables: Record<string, unknown>): Preview {
  // As they are, not as JSON text: the reader's bound of depth must meet them before anything recursive does.
  const rendered = renderMessages(content, variables, { undefined: "strict" });
  if (rendered.ok) {
    const { messages } = rendered;
    return { text: textOf(messages), messages, refusal: null };
  }
  const { reason, construct, line, column } = rendered.refusal;
  return { text: null, messages: null, refusal: { reason, construct, line, column } };
}

function textOf(messages: readonly RenderedMessage[]): string {
  const [only] = messages;
  if (messages.length === 1 && only?.role === "system") return only.content;
  return messages.map(({ role, content }) => `${role}:\n${content}`).join("\n\n");
}

/** What a save would say of the template, without saving it. */
export function judgeTemplate(
  content: string,
  requiredVariables: readonly string[],
): { ok: boolean; refusals: ShownRefusal[]; variables: string[] } {
  const checked = checkTemplate(content, { requiredVariables });
  const refusals = checked.ok
    ? []
    : checked.refusals.map(({ reason, construct, line, column }) => ({
        reason,
        construct,
        line,
        column,
      }));
  return { ok: checked.ok, refusals, variables: variablesOf(content) };
}
