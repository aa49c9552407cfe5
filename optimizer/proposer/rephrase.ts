import type { Completer } from "../ports.ts";
import { readInstruction } from "./propose-instruction.ts";
import type { ProposalFailure } from "./reply.ts";

const system = `You edit the prompts of software agents. Say the given instruction in other words: same meaning, clearer, not longer, one imperative sentence, no template syntax.
Answer with one element: <instruction>…</instruction>`;

/** Says one instruction in other words. Throws only what the completer throws. */
export async function rephrase(
  request: { instruction: string; purpose: string; seed: number },
  completer: Completer,
): Promise<{ ok: true; instruction: string } | ProposalFailure> {
  const { text } = await completer.complete({
    role: "proposer",
    system,
    user: `Purpose of the agent: ${request.purpose}\n\n<instruction_to_rephrase>\n${request.instruction}\n</instruction_to_rephrase>`,
    seed: request.seed,
    temperature: 0.8,
    maxOutputTokens: 256,
  });
  const reply = readInstruction(text);
  if (reply.ok && reply.instruction === request.instruction)
    return { ok: false, reason: "the instruction came back unchanged" };
  return reply;
}
