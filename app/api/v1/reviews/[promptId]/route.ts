import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/reviews.ts";
import { reviewPacket } from "#lib/http/views/review-view.ts";

export const GET = route(endpoints.getReview, ({ db, params }) =>
  reviewPacket(db, params.promptId),
);
