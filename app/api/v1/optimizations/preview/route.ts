import { ownPrices, route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/optimizations.ts";
import { previewOptimization } from "#lib/optimizations/preview.ts";

export const POST = route(endpoints.previewOptimization, async ({ db, body }) =>
  previewOptimization(db, { ...body, prices: await ownPrices(), now: new Date() }),
);
