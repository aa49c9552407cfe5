import { loopOrderRequest } from "#lib/domain/loop-order.ts";
import { endpoint } from "../endpoint.ts";
import { agentParams } from "../requests.ts";
import { loopOrder, loopShape } from "../shapes/loop.ts";
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

export const getLoop = endpoint({
  id: "getLoop",
  method: "GET",
  path: "/agents/{agentType}/loop",
  group: "Temporal",
  summary: "What the loop of generations of an agent type is at, and the last orders to it",
  description: "Answers also while Temporal is away: `unknown` then says why there is no state.",
  access: { role: "viewer", scope: "experiments:run" },
  params: agentParams,
  answers: { 200: { description: "The loop.", schema: loopShape } },
  refusals: ["not-found"],
});

export const orderLoop = endpoint({
  id: "orderLoop",
  method: "POST",
  path: "/agents/{agentType}/loop",
  group: "Temporal",
  summary: "Wish for a generation, pause, resume or stop the loop, or set its schedule",
  description:
    "The order is written down and delivered as soon as Temporal is there, in the order in which they were given. `schedule` takes `cron`, five fields in UTC. Without Temporal it is a conflict.",
  access: { role: "engineer", scope: "experiments:run" },
  params: agentParams,
  body: loopOrderRequest,
  idempotent: true,
  answers: { 202: { description: "Written down.", schema: loopOrder } },
  refusals: ["not-found", "conflict"],
});
