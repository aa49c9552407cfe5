import { parseGenome, renderGenome } from "#lib/genome/document.ts";
import { proposeFresh } from "../proposer/propose-fresh.ts";
import { type Operator, oneChild, skipped } from "./operator.ts";

/**
 * A prompt written anew from the purpose and the failures, without sight of the parent's instructions: the way out when
 * small edits of one text no longer help. What is locked in the parent is carried over word for word.
 */
export const freshStart: Operator = {
  name: "fresh-start",
  parents: 1,
  async apply([parent], context) {
    if (parent === undefined) return skipped("no parent");
    const document = parseGenome(parent.genome.content, context.agent.protectedTexts);
    // Instructions and examples are what is written anew; headings and locked text are the frame they stand in.
    const frame = document.segments.filter(
      ({ kind, locked }) => locked || kind === "heading" || kind === "marker" || kind === "text",
    );
    const reply = await proposeFresh(
      {
        agentType: context.agent.name,
        purpose: context.agent.description,
        frame: renderGenome({ segments: frame }),
        failureSummary: context.failureSummary,
        rejected: context.rejected,
        protectedTexts: context.agent.protectedTexts,
        requiredVariables: context.agent.requiredVariables,
        seed: context.modelSeed,
      },
      context.completer,
    );
    if (!reply.ok) return skipped(reply.reason);
    return oneChild(
      "fresh-start",
      parent,
      { content: reply.content },
      { message: "Write the prompt anew from its purpose and the failures" },
    );
  },
};
