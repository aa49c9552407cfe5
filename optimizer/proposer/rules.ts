/** Paragraphs that several meta-prompts share: what a rewrite may never touch, and what was tried before. */

/** The rules every rewritten prompt must keep, with the placeholders and protected texts spelled out. */
export function preservationRules({
  protectedTexts,
  requiredVariables,
}: {
  protectedTexts: readonly string[];
  requiredVariables: readonly string[];
}): string {
  const variables = requiredVariables.map((name) => `{{ ${name} }}`).join(", ");
  return [
    "Rules for every prompt you write:",
    ...(variables === "" ? [] : [`- Keep these placeholders exactly as they are: ${variables}.`]),
    "- Keep all other template syntax ({{ … }}, {% … %}, {# … #}) unless the edit is about it; add no new placeholders.",
    ...protectedTexts.map(
      (text) => `- Keep this text word for word: <protected>${text}</protected>`,
    ),
    "- Keep what already works: same role, same task, same output format.",
    "- Write general rules. Never copy names, numbers or answers of a single case into the prompt.",
    "- Stay short: every sentence is paid for in every run.",
  ].join("\n");
}

/** Edits that lost or were refused before, so that they are not proposed again; empty when there are none. */
export function rejectedEdits(rejected: readonly string[]): string {
  if (rejected.length === 0) return "";
  const lines = rejected.map((line) => `- ${line}`);
  return ["Edits tried before that did not help; do not repeat them:", ...lines].join("\n");
}

/** Joins the paragraphs of a request, leaving out empty ones. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part.trim() !== "").join("\n\n");
}
