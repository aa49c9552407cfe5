import { route } from "#app/services.ts";
import { reviewEntries } from "#lib/http/views/review-view.ts";

export const GET = route({ access: { role: "viewer", scope: "prompts:read" } }, ({ db }) =>
  reviewEntries(db),
);
