import { route } from "#app/services.ts";
import { dayOf } from "#lib/budget/amounts.ts";
import { budgetStatus } from "#lib/budget/status.ts";
import * as endpoints from "#lib/http/endpoints/budget.ts";

export const GET = route(endpoints.getBudget, ({ db }) => budgetStatus(db, dayOf(new Date())));
