import { route } from "#app/services.ts";
import { dayOf } from "#lib/budget/amounts.ts";
import { budgetStatus } from "#lib/budget/status.ts";
import type { BudgetShape } from "#lib/http/shapes/overview.ts";

export const GET = route(
  { access: { role: "viewer", scope: "optimizations:read" } },
  ({ db }): Promise<BudgetShape> => budgetStatus(db, dayOf(new Date())),
);
