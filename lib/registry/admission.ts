import { AppError } from "../errors.ts";
import { templateVariables } from "../template/analyse.ts";
import { checkTemplate } from "../template/check.ts";
import { splitMessages } from "../template/messages.ts";
import { parseTemplate } from "../template/template.ts";

/**
 * The check that runs on every save. Throws AppError("invalid") with details.refusals, each with its line, column,
 * construct and what to write instead.
 */
export function admitTemplate(content: string, requiredVariables: readonly string[]): void {
  const checked = checkTemplate(content, { requiredVariables });
  if (checked.ok) return;
  const [first] = checked.refusals;
  const message =
    first === undefined
      ? "The template is refused."
      : `Line ${first.line}, column ${first.column}: ${first.reason}`;
  throw new AppError("invalid", message, { details: { refusals: checked.refusals } });
}

/** The variables that the template reads, sorted; none when it does not parse. */
export function variablesOf(content: string): string[] {
  const parsed = parseTemplate(content);
  return parsed.ok ? templateVariables(parsed.template) : [];
}

export interface PromptMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

/** The content divided at its role markers, not rendered; text without any is one system message. */
export function messagesOf(content: string): PromptMessage[] {
  return splitMessages(content).map(({ role, source }) => ({ role, content: source }));
}
