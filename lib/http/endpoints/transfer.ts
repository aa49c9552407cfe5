import { z } from "zod";
import { exportMoment } from "../../transfer/knowledge/export-moment.ts";
import { endpoint } from "../endpoint.ts";

export const exportKnowledge = endpoint({
  id: "exportKnowledge",
  method: "GET",
  path: "/export",
  group: "Export",
  summary: "Everything that is knowledge, as lines of JSON from one snapshot",
  description:
    "What `genepool export` writes and `genepool import` reads: a header, one row a line, and a last line with their number and SHA-256; a stream without that line broke off. No secrets, users, keys or webhooks are in it. With `since`, only rows that are new or changed from then on; the header's `at` is the next `since`.",
  access: { role: "admin", scope: "admin" },
  query: z.strictObject({ since: exportMoment.optional() }),
  answers: {
    200: { description: "The export.", schema: z.string(), mediaType: "application/x-ndjson" },
  },
  refusals: ["too-many-requests"],
});
