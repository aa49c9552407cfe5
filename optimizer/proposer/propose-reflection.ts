import type { Completer } from "../ports.ts";
import { withTail } from "./propose-variations.ts";
import { oneLine, type ProposalFailure, taggedText, taggedTexts } from "./reply.ts";
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
  /** Traces of runs that passed: the edit must not break them. */
  passing: readonly string[];
  /** Rules that reviewers of parts of the traces proposed; empty when one reviewer sees all. */
  candidateRules: readonly string[];
  failureSummary: string;
  /** Section to work on when the coach knows it. */
  section: string | null;
  rejected: readonly string[];
  protectedTexts: readonly string[];
  requiredVariables: readonly string[];
  seed: number;
}

const system = `You are a careful reviewer of software agents' prompts. From a few traces of one kind of failure you find the cause that lies in the prompt, state the general rule that would have prevented it, and make the smallest edit of the prompt that carries this rule.
Answer with these elements, in this order:
<quote>a few words copied exactly from a trace that show the failure; one or two such elements</quote>
<diagnosis>one or two sentences: what the agent did, and what in the prompt let it</diagnosis>
<rule>one imperative sentence that holds for all tasks of this agent</rule>
<prompt>the complete edited prompt</prompt>`;

export interface Reflection {
  ok: true;
  content: string;
  diagnosis: string;
  rule: string;
  /** Evidence, word for word from the traces. */
  quotes: string[];
}

/**
 * Reflective edit from one failure cluster: diagnosis, general rule, minimal edit (after GEPA, Agrawal et al. 2025).
 * A reply whose quotes all stand in no trace is refused: its diagnosis is made up. Throws only what the completer throws.
 */
export async function proposeReflection(
  request: ReflectionRequest,
  completer: Completer,
): Promise<Reflection | ProposalFailure> {
  const { text } = await completer.complete({
    role: "proposer",
    system,
    user: paragraphs(
      `Agent: ${request.agentType}. Purpose: ${request.purpose}`,
      `<current_prompt>\n${request.content}\n</current_prompt>`,
      `<failure signature="${request.signature}">\n${request.statement}\n</failure>`,
      ...request.records.map((record) => `<trace>\n${record}\n</trace>`),
      ...request.passing.map(
        (record) => `<passing>\nThis run passed and must keep working:\n${record}\n</passing>`,
      ),
      ...request.candidateRules.map((rule) => `<candidate_rule>${rule}</candidate_rule>`),
      request.candidateRules.length === 0
        ? ""
        : "The candidate rules come from reviewers who each saw a part of the traces: keep what they share, or the one that explains most.",
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
  const quoted = taggedTexts(text, "quote").map((quote) => quote.trim());
  const quotes = quoted.filter((quote) => isFrom(quote, request.records));
  if (quoted.length > 0 && quotes.length === 0)
    return { ok: false, reason: "the reflection quotes what stands in no trace" };
  return {
    ok: true,
    quotes,
    content: withTail(content, request.content),
    diagnosis: oneLine(taggedText(text, "diagnosis") ?? ""),
    rule: oneLine(taggedText(text, "rule") ?? "Edited after reflection"),
  };
}

/** Whether a quote stands in a trace; line breaks and quotation marks around it do not count. */
function isFrom(quote: string, records: readonly string[]): boolean {
  const plain = (text: string) => text.replace(/\s+/g, " ").trim();
  const wanted = plain(quote).replace(/^["“](.*)["”]$/, "$1");
  return wanted !== "" && records.some((record) => plain(record).includes(wanted));
}
