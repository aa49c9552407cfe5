import { parseGenome, renderGenome } from "#lib/genome/document.ts";
import { insertInstruction, instructionsOf, replaceInstruction } from "#lib/genome/edit.ts";
import { toolsUsed } from "../evidence.ts";
import { describeTool } from "../proposer/describe-tool.ts";
import { type Operator, type OperatorContext, oneChild, skipped } from "./operator.ts";

/**
 * Says in the prompt what one tool is for and when to call it, or says it better: one line "name: words" a tool. The
 * tool's own definition stays, since agents outside the search are served by it too.
 */
export const toolDescription: Operator = {
  name: "tool-description",
  parents: 1,
  async apply([parent], context) {
    if (parent === undefined) return skipped("no parent");
    const { tools, content } = parent.genome;
    if (tools.length === 0) return skipped("the agent has no tools");
    const tool = context.draws.weighted(
      tools,
      tools.map((name) => 1 + mistakesWith(name, context)),
    );
    const document = parseGenome(content, context.agent.protectedTexts);
    const written = instructionsOf(document).find(
      ({ text, locked }) => !locked && text.startsWith(`${tool}:`),
    );
    const reply = await describeTool(
      {
        tool,
        purpose: context.agent.description,
        former: written?.text.slice(tool.length + 1).trim() ?? "",
        failureSummary: context.failureSummary,
        seed: context.modelSeed,
      },
      context.completer,
    );
    if (!reply.ok) return skipped(reply.reason);
    const line = `${tool}: ${reply.description}`;
    const next =
      written === undefined
        ? insertInstruction(document, null, line)
        : replaceInstruction(document, written.index, line);
    return oneChild(
      "tool-description",
      parent,
      { content: renderGenome(next) },
      { tool, description: reply.description, message: `Describe the tool ${tool}` },
    );
  },
};

/** Failed runs that never called the tool, which good words might have brought to it. */
function mistakesWith(tool: string, { clusters }: OperatorContext): number {
  const runs = clusters.flatMap((cluster) => cluster.runs);
  return runs.filter((run) => !toolsUsed(run).includes(tool)).length;
}
