/** Throws AppError("invalid") with details.refusals when the template is not admitted. */
export function admitTemplate(_content: string, _requiredVariables: readonly string[]): void {}

/** The variables that the template reads, sorted. */
export function variablesOf(content: string): string[] {
  return [...new Set([...content.matchAll(/\{\{\s*(\w+)/g)].map((m) => m[1] ?? ""))].sort();
}

export interface PromptMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

/** The content divided at its role markers; text without any is one system message. */
export function messagesOf(content: string): PromptMessage[] {
  return [{ role: "system", content }];
}
