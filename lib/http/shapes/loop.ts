import { z } from "zod";
import { loopOrderKinds } from "#lib/domain/loop-order.ts";
import { instant } from "./common.ts";

export const loopOrder = z
  .object({
    id: z.uuid(),
    kind: z.enum(loopOrderKinds),
    cron: z.string().nullable(),
    requestedBy: z.string(),
    createdAt: instant,
    /** When Temporal had it, or had no use for it; null while it waits. */
    deliveredAt: instant.nullable(),
    /** Why Temporal has no use for it. */
    refusal: z.string().nullable(),
    /** What it waits for, in words; null when nobody has tried to deliver it yet. */
    waiting: z.string().nullable(),
  })
  .meta({ id: "LoopOrder" });
export type LoopOrderShape = z.infer<typeof loopOrder>;

const generationEnd = z.object({
  optimizationId: z.uuid().nullable(),
  state: z.enum(["finished", "stopped", "failed", "refused"]),
  reason: z.string().nullable(),
  trialsDone: z.int(),
});

export const loopShape = z
  .object({
    agentType: z.string(),
    /** Whether this installation has Temporal, without which there is no loop. */
    configured: z.boolean(),
    /** What the loop is at; null where none runs, or where nothing answers. */
    state: z
      .object({
        paused: z.boolean(),
        stopping: z.boolean(),
        /** The optimization under way; null while there is none. */
        currentOptimizationId: z.uuid().nullable(),
        waiting: z.int(),
        finished: z.int(),
        repeated: z.int(),
        refused: z.int(),
        last: generationEnd.nullable(),
      })
      .nullable(),
    /** Why the state is not known; null when it is, or when there is no loop. */
    unknown: z.string().nullable(),
    /** Times at which a generation is due, as cron has them, in UTC. */
    cron: z.string().nullable(),
    /** The last orders, newest first. */
    orders: z.array(loopOrder),
  })
  .meta({ id: "Loop" });
export type LoopShape = z.infer<typeof loopShape>;
