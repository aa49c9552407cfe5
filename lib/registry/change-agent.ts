import { z } from "zod";
import { type AgentType, requireAgentType, saveAgentType } from "#lib/db/agent-types.ts";
import type { Database } from "#lib/db/client.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import {
  agentThresholds,
  nonInferiorityMargin,
  repeatBehaviour,
} from "#lib/domain/optimization.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { parseInput } from "../parse-input.ts";
import { lockPrompts } from "./create-prompt.ts";

const { windowRuns, minimumRuns, successRateMin, meanCostUsdMax } = agentThresholds.shape;

/** What may be changed of an agent type. Without defaults: what a change does not name stays as it is. */
export const agentChange = z.strictObject({
  description: z.string().max(2_000).optional(),
  thresholds: z
    .strictObject({
      windowRuns: windowRuns.unwrap().optional(),
      minimumRuns: minimumRuns.unwrap().optional(),
      successRateMin: successRateMin.unwrap().optional(),
      meanCostUsdMax: meanCostUsdMax.unwrap().optional(),
    })
    .optional(),
  /** Null lets each run probe it. */
  repeats: repeatBehaviour.nullable().optional(),
  nonInferiorityMargin: nonInferiorityMargin.unwrap().optional(),
});
export type AgentChange = z.infer<typeof agentChange>;

/**
 * Changes the description, some thresholds or what proofs go by; the observer and new runs take it from then on. Throws
 * AppError("not-found") for an unknown agent type, AppError("invalid") for a bad value.
 */
export async function changeAgent(
  db: Database,
  name: string,
  change: AgentChange,
  actor: string,
): Promise<AgentType> {
  const asked = parseInput(agentChange, change, "This change is");
  const { description, thresholds } = asked;
  return inTransaction(db, async (tx) => {
    // Changes of one agent type follow each other, so that none writes back what another has replaced.
    await lockPrompts(tx, name);
    const { createdAt: _, ...before } = await requireAgentType(tx, name);
    const named = Object.entries(thresholds ?? {}).filter(([, value]) => value !== undefined);
    const after = await saveAgentType(tx, {
      ...before,
      description: description ?? before.description,
      thresholds: { ...before.thresholds, ...Object.fromEntries(named) },
      repeats: asked.repeats === undefined ? before.repeats : asked.repeats,
      nonInferiorityMargin: asked.nonInferiorityMargin ?? before.nonInferiorityMargin,
    });
    await appendAudit(tx, {
      actor,
      action: "agent.update",
      subject: `agent:${name}`,
      before: audited(before),
      after: audited(after),
    });
    return after;
  });
}

function audited(agent: Omit<AgentType, "createdAt">) {
  const { description, thresholds, repeats, nonInferiorityMargin: margin } = agent;
  return { description, thresholds, repeats, nonInferiorityMargin: margin };
}
