import type { Completer } from "../ports.ts";
import { withTail } from "./propose-variations.ts";
import { type ProposalFailure, taggedText } from "./reply.ts";
import { paragraphs, preservationRules, rejectedEdits } from "./rules.ts";

export interface FreshRequest {
  agentType: string;
  purpose: string;
  /** Headings, placeholders and locked text of the prompt that is replaced, without its instructions. */
  frame: string;
  failureSummary: string;
  rejected: readonly string[];
  protectedTexts: readonly string[];
  requiredVariables: readonly string[];
  seed: number;
}

const system = `You write prompts for software agents from scratch. You are given an agent's purpose, the frame that its prompt must have, and how runs with an older prompt failed. You write the instructions anew, first what decides success, each as one imperative sentence, nothing that changes no behaviour.
Answer with one element that holds the complete prompt, the frame included: <prompt>…</prompt>`;

/** Asks for a prompt written anew within a frame. Throws only what the completer throws. */
export async function proposeFresh(
  request: FreshRequest,
  completer: Completer,
): Promise<{ ok: true; content: string } | ProposalFailure> {
  const { text } = await completer.complete({
    role: "proposer",
    system,
    user: paragraphs(
      `Agent: ${request.agentType}. Purpose: ${request.purpose}`,
      `<frame_to_fill>\n${request.frame}\n</frame_to_fill>`,
      `<failure_summary>\n${request.failureSummary}\n</failure_summary>`,
      rejectedEdits(request.rejected),
      preservationRules(request),
    ),
    seed: request.seed,
    temperature: 1,
    maxOutputTokens: 4_096,
  });
  const content = taggedText(text, "prompt");
  if (content === null) return { ok: false, reason: "the reply holds no prompt" };
  if (content.trim() === request.frame.trim())
    return { ok: false, reason: "the reply is the empty frame" };
  return { ok: true, content: withTail(content, request.frame) };
}
