import { route } from "#app/services.ts";
import { promptParams } from "#lib/http/requests.ts";
import type { ReviewPacket } from "#lib/http/shapes/review.ts";
import { reviewPacket } from "#lib/http/views/review-view.ts";

export const GET = route(
  { access: { role: "viewer", scope: "prompts:read" }, params: promptParams },
  ({ db, params }): Promise<ReviewPacket> => reviewPacket(db, params.promptId),
);
