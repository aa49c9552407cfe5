import { proposeReflection } from "../proposer/propose-reflection.ts";
import { clusterRecords } from "./cluster-records.ts";
import { type Operator, skipped } from "./operator.ts";

/**
 * Reflective edit from one failure cluster: diagnosis, general rule, minimal edit (GEPA, Agrawal et al. 2025). One
 * cluster a child keeps edits small and their effect attributable.
 */
export const reflect: Operator = {
  name: "reflect",
  parents: 1,
  async apply([parent], context) {
    if (parent === undefined) return skipped("no parent");
    if (context.cluster === null) return skipped("there is no failure to reflect on");
    const reply = await proposeReflection(
      {
        agentType: context.agent.name,
        purpose: context.agent.description,
        content: parent.genome.content,
        signature: context.cluster.signature,
        statement: context.cluster.statement,
        records: clusterRecords(context.cluster),
        failureSummary: context.failureSummary,
        section: context.section,
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
      offspring: [
        {
          genome: { ...parent.genome, content: reply.content },
          operator: "reflect",
          operatorArguments: {
            signature: context.cluster.signature,
            diagnosis: reply.diagnosis,
            rule: reply.rule,
          },
          parentIds: [parent.id],
          message: reply.rule,
        },
      ],
    };
  },
};
