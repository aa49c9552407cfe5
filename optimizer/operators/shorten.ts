import { proposeShorter } from "../proposer/propose-shorter.ts";
import { type Operator, skipped } from "./operator.ts";

/** The same prompt in fewer tokens: cost and latency are objectives too. */
export const shorten: Operator = {
  name: "shorten",
  parents: 1,
  async apply([parent], context) {
    if (parent === undefined) return skipped("no parent");
    const reply = await proposeShorter(
      {
        content: parent.genome.content,
        purpose: context.agent.description,
        protectedTexts: context.agent.protectedTexts,
        requiredVariables: context.agent.requiredVariables,
        seed: context.modelSeed,
      },
      context.completer,
    );
    if (!reply.ok) return skipped(reply.reason);
    const saved = parent.genome.content.length - reply.content.length;
    if (saved <= 0) return skipped("the proposal is not shorter");
    return {
      state: "made",
      offspring: [
        {
          genome: { ...parent.genome, content: reply.content },
          operator: "shorten",
          operatorArguments: { savedCharacters: saved },
          parentIds: [parent.id],
          message: `Shorten by ${saved} characters`,
        },
      ],
    };
  },
};
