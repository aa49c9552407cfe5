import { proposeVariations } from "../proposer/propose-variations.ts";
import { type Operator, skipped } from "./operator.ts";

/** The meta-prompt: the current prompt and the failure summary go in, three variations come out. */
export const variation: Operator = {
  name: "variation",
  parents: 1,
  async apply([parent], context) {
    if (parent === undefined) return skipped("no parent");
    const reply = await proposeVariations(
      {
        agentType: context.agent.name,
        purpose: context.agent.description,
        content: parent.genome.content,
        failureSummary: context.failureSummary,
        rejected: context.rejected,
        protectedTexts: context.agent.protectedTexts,
        requiredVariables: context.agent.requiredVariables,
        seed: context.modelSeed,
      },
      context.completer,
    );
    if (!reply.ok) return skipped(reply.reason);
    return {
      state: "made",
      offspring: reply.contents.map((content, index) => ({
        genome: { ...parent.genome, content },
        operator: "variation" as const,
        operatorArguments: { variation: index + 1 },
        parentIds: [parent.id],
        message: `Variation ${index + 1} of ${reply.contents.length} from the failure summary`,
      })),
    };
  },
};
