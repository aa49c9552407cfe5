import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/reviews.ts";
import { reviewEntries } from "#lib/http/views/review-view.ts";

export const GET = route(endpoints.listReviews, ({ db, query }) => reviewEntries(db, query));
