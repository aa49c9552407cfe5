import type { Completer } from "../ports.ts";
import { readInstruction } from "./propose-instruction.ts";
import type { ProposalFailure } from "./reply.ts";
import { paragraphs } from "./rules.ts";

export interface ToolDescriptionRequest {
  tool: string;
  purpose: string;
  /** What the prompt says of the tool today; empty when nothing. */
  former: string;
  failureSummary: string;
  seed: number;
}

const system = `You describe the tools of software agents. For the given tool you write one sentence, as an order to the agent: when to call it and what to do with its answer. No parameters, no template syntax.
Answer with one element: <instruction>…</instruction>`;

/** Asks for one sentence on one tool. Throws only what the completer throws. */
export async function describeTool(
  request: ToolDescriptionRequest,
  completer: Completer,
): Promise<{ ok: true; description: string } | ProposalFailure> {
  const { text } = await completer.complete({
    role: "proposer",
    system,
    user: paragraphs(
      `Purpose of the agent: ${request.purpose}`,
      `<tool_to_describe>\n${request.tool}\n</tool_to_describe>`,
      request.former === "" ? "" : `What its prompt says of the tool today: ${request.former}`,
      `<failure_summary>\n${request.failureSummary}\n</failure_summary>`,
    ),
    seed: request.seed,
    temperature: 0.7,
    maxOutputTokens: 256,
  });
  const reply = readInstruction(text);
  if (!reply.ok) return reply;
  if (reply.instruction === request.former)
    return { ok: false, reason: "the description came back unchanged" };
  return { ok: true, description: reply.instruction };
}
