import { type EvidenceRun, toolsUsed } from "../evidence.ts";
import { type Operator, type OperatorContext, skipped } from "./operator.ts";

/**
 * Takes one tool away or gives one back. A tool is taken only when usage speaks against it: runs that failed used it
 * in a larger share than runs that passed, or, when none passed, than tools on average. Tools that the agent must have
 * to answer are never taken.
 */
export const toolMask: Operator = {
  name: "tool-mask",
  parents: 1,
  async apply([parent], context) {
    if (parent === undefined) return skipped("no parent");
    const { tools } = parent.genome;
    const missing = context.agent.allowedTools.filter((tool) => !tools.includes(tool));
    const removable = removableTools(tools, context);
    const choices = [
      ...removable.map((tool) => ({ tool, action: "remove" as const })),
      ...missing.map((tool) => ({ tool, action: "return" as const })),
    ];
    if (choices.length === 0) return skipped("usage speaks against no tool, and none is missing");
    const { tool, action } = context.draws.pick(choices);
    const next =
      action === "remove" ? tools.filter((name) => name !== tool) : [...tools, tool].sort();
    return {
      state: "made",
      offspring: [
        {
          genome: { ...parent.genome, tools: next },
          operator: "tool-mask",
          operatorArguments: { action, tool },
          parentIds: [parent.id],
          message:
            action === "remove" ? `Take away the tool ${tool}` : `Give back the tool ${tool}`,
        },
      ],
    };
  },
};

function removableTools(tools: readonly string[], context: OperatorContext): string[] {
  const failed = context.clusters.flatMap((cluster) => cluster.runs);
  if (failed.length === 0) return [];
  const { passing } = context;
  const essential = new Set(context.agent.allowedTools.filter((tool) => tool.startsWith("submit")));
  const use = tools.map((tool) => ({ tool, failed: shareUsing(tool, failed) }));
  const mean = use.reduce((sum, { failed: share }) => sum + share, 0) / Math.max(1, use.length);
  return use
    .filter(({ tool, failed: share }) => {
      if (essential.has(tool)) return false;
      return passing.length === 0 ? share > mean : share > shareUsing(tool, passing);
    })
    .map(({ tool }) => tool);
}

/** Share of the runs that used a tool. */
function shareUsing(tool: string, runs: readonly EvidenceRun[]): number {
  return runs.filter((run) => toolsUsed(run).includes(tool)).length / Math.max(1, runs.length);
}
