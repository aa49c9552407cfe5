import { endpoint } from "../endpoint.ts";
import { budget } from "../shapes/overview.ts";

export const getBudget = endpoint({
  id: "getBudget",
  method: "GET",
  path: "/budget",
  group: "Budget",
  summary: "Today's cap in USD, what is spent and what is reserved",
  access: { role: "viewer", scope: "experiments:run" },
  answers: { 200: { description: "The UTC day's budget.", schema: budget } },
});
