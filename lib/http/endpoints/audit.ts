import { endpoint } from "../endpoint.ts";
import { auditListQuery } from "../requests.ts";
import { auditPage } from "../shapes/access.ts";

export const listAudit = endpoint({
  id: "listAudit",
  method: "GET",
  path: "/audit",
  group: "Audit",
  summary: "Who changed what, newest first, with what was before and after",
  description:
    "An `action` that ends in a dot stands for all that begin with it, as `user.`; a `subject` that ends in a colon likewise, as `prompt:`. `from` is part of the span, `to` is not.",
  access: { role: "admin", scope: "admin" },
  query: auditListQuery,
  answers: { 200: { description: "One page.", schema: auditPage } },
  refusals: ["not-found"],
});
