import type { Completer } from "../ports.ts";
import { oneLine, type ProposalFailure, taggedText } from "./reply.ts";
import { paragraphs, rejectedEdits } from "./rules.ts";

export interface InstructionRequest {
  agentType: string;
  purpose: string;
  content: string;
  signature: string;
  statement: string;
  records: readonly string[];
  failureSummary: string;
  rejected: readonly string[];
  seed: number;
}

/** Longer than this is no longer one instruction. */
const instructionCharactersMax = 600;

const system = `You write single instructions for software agents. From traces of one kind of failure you write one imperative sentence that, added to the agent's prompt, would have prevented it. It must be general, concrete about when and what to do, free of template syntax, and not already in the prompt.
Answer with one element: <instruction>…</instruction>`;

/** Asks for one instruction against one failure cluster. Throws only what the completer throws. */
export async function proposeInstruction(
  request: InstructionRequest,
  completer: Completer,
): Promise<{ ok: true; instruction: string } | ProposalFailure> {
  const { text } = await completer.complete({
    role: "proposer",
    system,
    user: paragraphs(
      `Agent: ${request.agentType}. Purpose: ${request.purpose}`,
      `<current_prompt>\n${request.content}\n</current_prompt>`,
      `<failure signature="${request.signature}">\n${request.statement}\n</failure>`,
      ...request.records.map((record) => `<trace>\n${record}\n</trace>`),
      `<failure_summary>\n${request.failureSummary}\n</failure_summary>`,
      rejectedEdits(request.rejected),
    ),
    seed: request.seed,
    temperature: 0.8,
    maxOutputTokens: 512,
  });
  return readInstruction(text);
}

/** The one instruction of a reply; template syntax in it would break the prompt it goes into. */
export function readInstruction(
  reply: string,
): { ok: true; instruction: string } | ProposalFailure {
  const instruction = oneLine(taggedText(reply, "instruction") ?? "");
  if (instruction === "") return { ok: false, reason: "the reply holds no instruction" };
  if (instruction.length > instructionCharactersMax)
    return { ok: false, reason: `the instruction has ${instruction.length} characters` };
  if (/\{\{|\{%|\{#/.test(instruction))
    return { ok: false, reason: "the instruction holds template syntax" };
  return { ok: true, instruction };
}
