import { z } from "zod";
import { automationMode } from "#lib/domain/optimization.ts";
import { agentSummary } from "./agent.ts";
import { instant } from "./common.ts";

export const budget = z
  .object({
    day: z.string(),
    capUsd: z.number(),
    reservedUsd: z.number(),
    spentUsd: z.number(),
    overshootUsd: z.number(),
    remainingUsd: z.number(),
  })
  .meta({ id: "Budget" });
export type BudgetShape = z.infer<typeof budget>;

export const attentionKinds = [
  "candidate-waiting",
  "agent-below-threshold",
  "optimization-failed",
  "optimization-waiting",
  "budget-nearly-used",
  "optimizer-silent",
] as const;

export const attentionItem = z.object({
  kind: z.enum(attentionKinds),
  sentence: z.string(),
  agentType: z.string().nullable(),
  promptId: z.uuid().nullable(),
  optimizationId: z.uuid().nullable(),
  since: instant.nullable(),
});
export type AttentionItem = z.infer<typeof attentionItem>;

export const overview = z.object({
  attention: z.array(attentionItem),
  agents: z.array(agentSummary),
  reviewCount: z.int(),
  budget,
  automation: automationMode,
  /** True when any agent's figures come from a simulated model. */
  simulated: z.boolean(),
});
export type Overview = z.infer<typeof overview>;
