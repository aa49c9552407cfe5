/**
 * The proposer of the synthetic worlds, simulated: it knows the world's rules and not what they are worth, and answers the
 * optimizer's own requests in the forms that they ask for. Baselines take their edits from the same place.
 */
import { draw } from "#lib/random.ts";
import type { Completer, CompletionRequest } from "#optimizer/ports.ts";
import type { World } from "./world.ts";

/**
 * One of the world's rules as a sentence, by chance; if there is another, not one that `read` holds: the prompt, or a
 * request with the prompt and the edits that lost before.
 */
export function proposeRule(world: World, read: string, seed: number): string {
  const fresh = world.rules.filter(({ sentence }) => !read.includes(sentence));
  const rules = fresh.length > 0 ? fresh : world.rules;
  return draw("search-bench", "rule", seed).pick(rules).sentence;
}

/** The text with one more instruction. */
export function withRule(content: string, sentence: string): string {
  return `${content.trimEnd()}\n- ${sentence}\n`;
}

export function createSyntheticCompleter(world: World): Completer {
  return {
    complete: async (request) => ({ text: answer(world, request) }),
  };
}

function answer(world: World, { role, user, seed }: CompletionRequest): string {
  if (role === "sanity") return '{"verdict": "ok", "reason": ""}';
  const rephrased = between(user, "instruction_to_rephrase");
  if (rephrased !== null) return `<instruction>${rephrased} Always do so.</instruction>`;
  const frame = between(user, "frame_to_fill");
  if (frame !== null) return tagged("prompt", withRule(frame, proposeRule(world, user, seed)));
  const content = between(user, "current_prompt") ?? "";
  const added = (k: number) => proposeRule(world, user, seed + k);
  if (user.includes("<variation>"))
    return [0, 1, 2].map((k) => tagged("variation", withRule(content, added(k)))).join("\n");
  if (user.includes("<trace>") && user.includes("Keep what already works"))
    return `<diagnosis>A rule is missing.</diagnosis><rule>${added(0)}</rule>${tagged("prompt", withRule(content, added(0)))}`;
  if (!user.includes("<failure")) return tagged("prompt", withoutOneLine(content, seed));
  return `<instruction>${added(0)}</instruction>`;
}

/** The shorter prompt: one of its instructions is gone. */
function withoutOneLine(content: string, seed: number): string {
  const lines = content.split("\n");
  const instructions = lines.flatMap((line, index) => (line.startsWith("- ") ? [index] : []));
  if (instructions.length < 2) return content;
  const gone = draw("search-bench", "shorter", seed).pick(instructions);
  return lines.filter((_, index) => index !== gone).join("\n");
}

function between(text: string, name: string): string | null {
  return new RegExp(`<${name}>\n([\\s\\S]*?)\n</${name}>`).exec(text)?.[1] ?? null;
}

function tagged(name: string, text: string): string {
  return `<${name}>\n${text}\n</${name}>`;
}
