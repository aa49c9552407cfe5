import type { Completer } from "../ports.ts";
import { withTail } from "./propose-variations.ts";
import { type ProposalFailure, taggedText } from "./reply.ts";
import { paragraphs, preservationRules } from "./rules.ts";

export interface ShorterRequest {
  content: string;
  purpose: string;
  protectedTexts: readonly string[];
  requiredVariables: readonly string[];
  seed: number;
}

const system = `You shorten the prompts of software agents. Remove repetition, politeness and sentences that change nothing; merge what belongs together; keep every rule that decides success or failure.
Answer with one element that holds the complete shortened prompt: <prompt>…</prompt>`;

/** Asks for the same prompt in fewer tokens. Throws only what the completer throws. */
export async function proposeShorter(
  request: ShorterRequest,
  completer: Completer,
): Promise<{ ok: true; content: string } | ProposalFailure> {
  const { text } = await completer.complete({
    role: "proposer",
    system,
    user: paragraphs(
      `Purpose of the agent: ${request.purpose}`,
      `<current_prompt>\n${request.content}\n</current_prompt>`,
      preservationRules(request),
    ),
    seed: request.seed,
    temperature: 0.4,
    maxOutputTokens: 4_096,
  });
  const content = taggedText(text, "prompt");
  if (content === null) return { ok: false, reason: "the reply holds no shortened prompt" };
  return { ok: true, content: withTail(content, request.content) };
}
