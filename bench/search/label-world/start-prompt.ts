import { type PromptGenome, promptGenome } from "#lib/domain/prompt.ts";

/** Says what an answer looks like, whatever else a prompt says. */
export const formMark = "one of these labels";

/** A conversation prompt with these sentences as its rules. */
export function startPrompt(
  sentences: readonly string[],
  temperature: number,
  labels: readonly string[],
): PromptGenome {
  const rules = sentences.map((sentence) => `- ${sentence}\n`).join("");
  return promptGenome.parse({
    content: `system:\nYou put messages under labels.\n- Answer with ${formMark} and nothing else: ${labels.join(", ")}.\n${rules}user:\n{{ input }}\n`,
    parameters: { temperature, maxSteps: 1, maxOutputTokens: 16 },
    tools: [],
  });
}
