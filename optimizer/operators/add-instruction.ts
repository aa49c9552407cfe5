import { parseGenome, renderGenome } from "#lib/genome/document.ts";
import { insertInstruction } from "#lib/genome/edit.ts";
import { proposeInstruction } from "../proposer/propose-instruction.ts";
import { clusterRecords } from "./cluster-records.ts";
import { type Operator, skipped } from "./operator.ts";

/** Adds one instruction that would have prevented the failures of one cluster; the rest of the prompt stays. */
export const addInstruction: Operator = {
  name: "add-instruction",
  parents: 1,
  async apply([parent], context) {
    if (parent === undefined) return skipped("no parent");
    if (context.cluster === null) return skipped("there is no failure to learn from");
    const reply = await proposeInstruction(
      {
        agentType: context.agent.name,
        purpose: context.agent.description,
        content: parent.genome.content,
        signature: context.cluster.signature,
        statement: context.cluster.statement,
        records: clusterRecords(context.cluster),
        failureSummary: context.failureSummary,
        rejected: context.rejected,
        seed: context.modelSeed,
      },
      context.completer,
    );
    if (!reply.ok) return skipped(reply.reason);
    const document = parseGenome(parent.genome.content, context.agent.protectedTexts);
    return {
      state: "made",
      offspring: [
        {
          genome: {
            ...parent.genome,
            content: renderGenome(insertInstruction(document, context.section, reply.instruction)),
          },
          operator: "add-instruction",
          operatorArguments: {
            instruction: reply.instruction,
            signature: context.cluster.signature,
          },
          parentIds: [parent.id],
          message: `Add "${reply.instruction}"`,
        },
      ],
    };
  },
};
