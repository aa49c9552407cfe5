import { AppError } from "../errors.ts";

/** Why a template is not admitted, and where. */
export interface TemplateRefusal {
  reason: string;
  construct: string;
  line: number;
  column: number;
}

/**
 * The check that runs on every save. Throws AppError("invalid") with details.refusals when the template does not read a
 * variable that its agent type requires.
 */
export function admitTemplate(content: string, requiredVariables: readonly string[]): void {
  const read = new Set(variablesOf(content));
  const refusals: TemplateRefusal[] = requiredVariables
    .filter((name) => !read.has(name))
    .map((name) => ({
      reason: `The variable "${name}" is required and not read: write {{ ${name} }} where it belongs.`,
      construct: "variable",
      line: 1,
      column: 1,
    }));
  const [first] = refusals;
  if (first !== undefined) throw new AppError("invalid", first.reason, { details: { refusals } });
}

/** The names that open an expression of the template, sorted. */
export function variablesOf(content: string): string[] {
  const names = [...content.matchAll(/\{\{-?\s*([A-Za-z_]\w*)/g)].flatMap(([, name]) => name ?? []);
  return [...new Set(names)].sort();
}

export interface PromptMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

const roleMarker = /^(system|user|assistant):[ \t]*$/;

/** The content divided at the lines that hold only a role; text before the first such line is the system's. */
export function messagesOf(content: string): PromptMessage[] {
  const messages: PromptMessage[] = [];
  let role: PromptMessage["role"] = "system";
  let lines: string[] = [];
  const close = () => {
    const text = lines.join("\n").trim();
    if (text !== "") messages.push({ role, content: text });
    lines = [];
  };
  for (const line of content.split("\n")) {
    const marker = roleMarker.exec(line)?.[1];
    if (marker === undefined) {
      lines.push(line);
      continue;
    }
    close();
    role = marker === "user" || marker === "assistant" ? marker : "system";
  }
  close();
  return messages;
}
