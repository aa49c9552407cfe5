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

/** The messages that a model would get, or why there are none. Undefined variables are refused, never printed empty. */
export function previewTemplate(
  content: string,
  variables: Record<string, unknown>,
): { messages: RenderedMessage[] | null; refusal: ShownRefusal | null } {
  const rendered = renderMessages(content, JSON.stringify(variables), { undefined: "strict" });
  if (rendered.ok) return { messages: rendered.messages, refusal: null };
  const { reason, construct, line, column } = rendered.refusal;
  return { messages: null, refusal: { reason, construct, line, column } };
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
