import type { Completer } from "../ports.ts";
import { withTail } from "./propose-variations.ts";
import { oneLine, type ProposalFailure, taggedText } from "./reply.ts";
import { paragraphs, preservationRules, rejectedEdits } from "./rules.ts";

export interface ReflectionRequest {
  agentType: string;
  purpose: string;
  content: string;
  /** Signature and statement of the one failure cluster to work on. */
  signature: string;
  statement: string;
  /** Traces of that cluster in words. */
  records: readonly string[];
  failureSummary: string;
  /** Section to work on when the coach knows it. */
  section: string | null;
  rejected: readonly string[];
  protectedTexts: readonly string[];
  requiredVariables: readonly string[];
  seed: number;
}

const system = `You are a careful reviewer of software agents' prompts. From a few traces of one kind of failure you find the cause that lies in the prompt, state the general rule that would have prevented it, and make the smallest edit of the prompt that carries this rule.
Answer with three elements, in this order:
<diagnosis>one or two sentences: what the agent did, and what in the prompt let it</diagnosis>
<rule>one imperative sentence that holds for all tasks of this agent</rule>
<prompt>the complete edited prompt</prompt>`;

/**
 * Reflective edit from one failure cluster: diagnosis, general rule, minimal edit (after GEPA, Agrawal et al. 2025).
 * Throws only what the completer throws.
 */
export async function proposeReflection(
  request: ReflectionRequest,
  completer: Completer,
): Promise<{ ok: true; content: string; diagnosis: string; rule: string } | ProposalFailure> {
  const { text } = await completer.complete({
    role: "proposer",
    system,
    user: paragraphs(
      `Agent: ${request.agentType}. Purpose: ${request.purpose}`,
      `<current_prompt>\n${request.content}\n</current_prompt>`,
      `<failure signature="${request.signature}">\n${request.statement}\n</failure>`,
      ...request.records.map((record) => `<trace>\n${record}\n</trace>`),
      `Other failures of the same agent, for context:\n<failure_summary>\n${request.failureSummary}\n</failure_summary>`,
      request.section === null ? "" : `Work on the section "${request.section}".`,
      rejectedEdits(request.rejected),
      preservationRules(request),
    ),
    seed: request.seed,
    temperature: 0.7,
    maxOutputTokens: 4_096,
  });
  const content = taggedText(text, "prompt");
  if (content === null) return { ok: false, reason: "the reflection holds no edited prompt" };
  if (content.trim() === request.content.trim())
    return { ok: false, reason: "the reflection left the prompt as it was" };
  return {
    ok: true,
    content: withTail(content, request.content),
    diagnosis: oneLine(taggedText(text, "diagnosis") ?? ""),
    rule: oneLine(taggedText(text, "rule") ?? "Edited after reflection"),
  };
}
