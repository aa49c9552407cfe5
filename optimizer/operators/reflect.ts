import type { EvidenceRun } from "../evidence.ts";
import { proposeInstruction } from "../proposer/propose-instruction.ts";
import { proposeReflection } from "../proposer/propose-reflection.ts";
import { clusterRecords, passingRecords, recordsOf } from "./cluster-records.ts";
import {
  type Operator,
  type OperatorContext,
  oneChild,
  type ParentPrompt,
  skipped,
} from "./operator.ts";

/** With more traces than this in a cluster, they are read in groups: one reader of many sees only the loudest. */
const readAloneMax = 10;
/** At most so many runs are read, hence at most six groups. */
const readMax = 18;

/**
 * Reflective edit from one failure cluster: diagnosis, general rule, minimal edit (GEPA, Agrawal et al. 2025). One
 * cluster a child keeps edits small and their effect attributable.
 */
export const reflect: Operator = {
  name: "reflect",
  parents: 1,
  async apply([parent], context) {
    const { cluster } = context;
    if (parent === undefined) return skipped("no parent");
    if (cluster === null) return skipped("there is no failure to reflect on");
    const candidateRules = await groupRules(parent, context);
    const reply = await proposeReflection(
      {
        ...requestOf(parent, context),
        signature: cluster.signature,
        statement: cluster.statement,
        records: clusterRecords(cluster),
        passing: passingRecords(cluster, context.passing),
        candidateRules,
        section: context.section,
        protectedTexts: context.agent.protectedTexts,
        requiredVariables: context.agent.requiredVariables,
        seed: context.modelSeed,
      },
      context.completer,
    );
    if (!reply.ok) return skipped(reply.reason);
    return oneChild(
      "reflect",
      parent,
      { content: reply.content },
      {
        signature: cluster.signature,
        diagnosis: reply.diagnosis,
        rule: reply.rule,
        quotes: reply.quotes,
        ...(candidateRules.length > 0 ? { groups: candidateRules.length } : {}),
        message: reply.rule,
      },
    );
  },
};

function requestOf({ genome }: ParentPrompt, context: OperatorContext) {
  return {
    agentType: context.agent.name,
    purpose: context.agent.description,
    content: genome.content,
    failureSummary: context.failureSummary,
    rejected: context.rejected,
  };
}

/**
 * One rule a group of traces, for one synthesis (grouped reflection, after ComBEE): each trace twice, shuffled, in √n
 * groups. Empty while one reader can see all. A group whose reply cannot be used has no rule.
 */
async function groupRules(parent: ParentPrompt, context: OperatorContext): Promise<string[]> {
  const { cluster, draws, modelSeed, completer } = context;
  if (cluster === null || cluster.runs.length <= readAloneMax) return [];
  const groups = groupsOf(cluster.runs.slice(0, readMax), draws);
  const replies = await Promise.all(
    groups.map((runs, index) =>
      proposeInstruction(
        {
          ...requestOf(parent, context),
          signature: cluster.signature,
          statement: cluster.statement,
          records: recordsOf(runs),
          seed: (modelSeed + index + 1) % (2 ** 31 - 1),
        },
        completer,
      ),
    ),
  );
  return replies.flatMap((reply) => (reply.ok ? [reply.instruction] : []));
}

function groupsOf(runs: readonly EvidenceRun[], draws: OperatorContext["draws"]): EvidenceRun[][] {
  const shuffled = draws.shuffle([...runs, ...runs]);
  const count = Math.floor(Math.sqrt(shuffled.length));
  return Array.from({ length: count }, (_, group) => [
    ...new Set(shuffled.filter((_, i) => i % count === group)),
  ]);
}
