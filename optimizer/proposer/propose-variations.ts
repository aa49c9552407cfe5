import type { Completer } from "../ports.ts";
import { type ProposalFailure, taggedTexts } from "./reply.ts";
import { paragraphs, preservationRules, rejectedEdits } from "./rules.ts";

export interface VariationRequest {
  agentType: string;
  /** What the agent is for, in a sentence. */
  purpose: string;
  content: string;
  /** Insights with shares and quotes, in words. */
  failureSummary: string;
  rejected: readonly string[];
  protectedTexts: readonly string[];
  requiredVariables: readonly string[];
  seed: number;
}

const variations = 3;

const system = `You improve the prompts of software agents. You are given an agent's current prompt and a summary of how its runs fail. You diagnose why the prompt lets that happen and write ${variations} different variations of it, each of which would prevent failures of the summary:
1. a minimal edit that adds or sharpens the one rule that matters most,
2. an edit that deals with several causes and removes what contradicts or repeats,
3. a restructured prompt: the same task, better ordered, the decisive rules first.
Answer with the complete text of each variation in its own <variation> element and nothing after the last one.`;

/** Asks for three variations of a prompt; fewer are fine, none is a failure. Throws only what the completer throws. */
export async function proposeVariations(
  request: VariationRequest,
  completer: Completer,
): Promise<{ ok: true; contents: string[] } | ProposalFailure> {
  const { text } = await completer.complete({
    role: "proposer",
    system,
    user: paragraphs(
      `Agent: ${request.agentType}. Purpose: ${request.purpose}`,
      `<current_prompt>\n${request.content}\n</current_prompt>`,
      `<failure_summary>\n${request.failureSummary}\n</failure_summary>`,
      rejectedEdits(request.rejected),
      preservationRules(request),
      `Write a short diagnosis first, then ${variations} elements:\n<variation>\n…complete prompt…\n</variation>`,
    ),
    seed: request.seed,
    temperature: 0.9,
    maxOutputTokens: 8_192,
  });
  const contents = [...new Set(taggedTexts(text, "variation"))]
    .filter((content) => content.trim() !== request.content.trim())
    .slice(0, variations)
    .map((content) => withTail(content, request.content));
  return contents.length > 0
    ? { ok: true, contents }
    : { ok: false, reason: "the proposer's reply holds no new variation" };
}

/** Gives a rewritten prompt the line end of the original, which models drop. */
export function withTail(content: string, original: string): string {
  return original.endsWith("\n") && !content.endsWith("\n") ? `${content}\n` : content;
}
