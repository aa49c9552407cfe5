/**
 * A scripted proposer for rows with labels, where the model under test is too small to rewrite prompts: seeded
 * recombinations of given instructions and fragments. The peers of bench/search/peers draw from the same texts.
 */
import { type Draws, draw } from "#lib/random.ts";
import type { Completer } from "#optimizer/ports.ts";

/** Sentences about the form of the answer and the way to it. */
export const fragments: readonly string[] = [
  "Answer with one word only.",
  "Reply with the label and nothing else.",
  "Choose exactly one label from the list.",
  "Do not explain your choice.",
  "Read the whole text before you decide.",
  "Judge the overall tone, not single words.",
  "If you are unsure, choose the label that fits best.",
  "Write the label in lower case.",
];

/** Answers the optimizer's requests; `instructions` are whole ones that others wrote for the task. */
export function scriptedProposer(instructions: readonly string[]): Completer {
  return {
    complete: async ({ role, system, user, seed }) => {
      if (role === "sanity") return { text: '{"verdict": "ok", "reason": ""}' };
      const draws = draw(seed, "scripted", user);
      return { text: reply(`${system}\n${user}`, draws, instructions) };
    },
  };
}

function reply(request: string, draws: Draws, instructions: readonly string[]): string {
  const prompt = inner(request, "current_prompt");
  const frame = inner(request, "frame_to_fill");
  if (frame !== null)
    return `<prompt>\n${withInstruction(frame, rewritten(draws.pick(instructions), draws, []))}\n</prompt>`;
  if (request.includes("<variation>") && prompt !== null) {
    const own = instructionOf(prompt);
    return [
      rewritten(own, draws, instructions),
      rewritten(draws.pick(instructions), draws, []),
      rewritten(own, draws, [draws.pick(instructions)]),
    ]
      .map((text) => `<variation>\n${withInstruction(prompt, text)}\n</variation>`)
      .join("\n");
  }
  if (request.includes("<instruction>"))
    return `<instruction>${draws.pick(fragments)}</instruction>`;
  if (prompt === null) return "";
  if (request.includes("shortened prompt"))
    return `<prompt>\n${withInstruction(prompt, shortened(instructionOf(prompt), draws))}\n</prompt>`;
  const text = rewritten(instructionOf(prompt), draws, instructions);
  return `<rule>${sentencesOf(text).at(-1) ?? text}</rule>\n<prompt>\n${withInstruction(prompt, text)}\n</prompt>`;
}

/** Drops a sentence, takes one over from another instruction, adds a fragment. */
function rewritten(instruction: string, draws: Draws, others: readonly string[]): string {
  const sentences = sentencesOf(instruction);
  if (sentences.length > 2 && draws.chance(0.3))
    sentences.splice(1 + draws.int(sentences.length - 1), 1);
  if (others.length > 0 && draws.chance(0.4))
    sentences.push(draws.pick(sentencesOf(draws.pick(others))));
  if (draws.chance(0.8)) sentences.push(draws.pick(fragments));
  return [...new Set(sentences)].join(" ");
}

function shortened(instruction: string, draws: Draws): string {
  const sentences = sentencesOf(instruction);
  if (sentences.length > 1) sentences.splice(1 + draws.int(sentences.length - 1), 1);
  return sentences.join(" ");
}

function sentencesOf(text: string): string[] {
  return text
    .replace(/^\s*- /gm, "")
    .trim()
    .split(/(?<=[.!?])\s+/);
}

/** What stands in the system message of a conversation prompt. */
function instructionOf(prompt: string): string {
  return /^system:\n([\s\S]*?)(?=^user:$)/m.exec(prompt)?.[1]?.trim() ?? "";
}

function withInstruction(prompt: string, instruction: string): string {
  return prompt.replace(/^system:\n[\s\S]*?(?=^user:$)/m, () => `system:\n${instruction}\n`);
}

function inner(text: string, name: string): string | null {
  const open = text.indexOf(`<${name}>\n`);
  const close = text.indexOf(`\n</${name}>`);
  return open < 0 || close < open ? null : text.slice(open + name.length + 3, close);
}
