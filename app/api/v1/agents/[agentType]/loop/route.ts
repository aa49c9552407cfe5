import { route, temporalClient } from "#app/services.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import { AppError } from "#lib/errors.ts";
import * as endpoints from "#lib/http/endpoints/temporal.ts";
import { loopOrderShape, loopView } from "#lib/http/views/loop-view.ts";
import { orderLoop } from "#lib/optimizations/order-loop.ts";

export const GET = route(endpoints.getLoop, async ({ db, params }) => {
  const { name } = await requireAgentType(db, params.agentType);
  return loopView(db, temporalClient(), name);
});

/** Writes the order down; the optimizer delivers it. */
export const POST = route(endpoints.orderLoop, async ({ db, params, body, actor }) => {
  const { name } = await requireAgentType(db, params.agentType);
  if (temporalClient() === null)
    throw new AppError(
      "conflict",
      "Loops of generations run on Temporal: set TEMPORAL_ADDRESS and start again.",
    );
  const { order } = await orderLoop(db, { ...body, agentType: name, requestedBy: actor });
  return loopOrderShape(order);
});
