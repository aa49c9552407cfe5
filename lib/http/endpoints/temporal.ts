import { endpoint } from "../endpoint.ts";
import { codecPayloads } from "../shapes/temporal.ts";

export const decodePayloads = endpoint({
  id: "decodePayloads",
  method: "POST",
  path: "/temporal/codec/decode",
  group: "Temporal",
  summary: "Decrypt payloads for Temporal's web pages",
  description:
    "The codec endpoint of Temporal's UI and command line is this address without `/decode`. Pages of GENEPOOL_TEMPORAL_UI_ORIGIN may call it. There is no encode: what starts work goes through this API.",
  access: { role: "engineer", scope: "experiments:run" },
  fromTemporalUi: true,
  body: codecPayloads,
  answers: { 200: { description: "The payloads, decrypted.", schema: codecPayloads } },
  refusals: ["not-found"],
});
