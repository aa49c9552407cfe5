import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { me } from "../shapes/common.ts";
import { overview } from "../shapes/overview.ts";

const group = "System";

export const getHealth = endpoint({
  id: "getHealth",
  method: "GET",
  path: "/health",
  group,
  summary: "Is the process up? Says nothing of what it needs",
  access: null,
  answers: { 200: { description: "It is.", schema: z.object({ status: z.literal("ok") }) } },
});

export const getReadiness = endpoint({
  id: "getReadiness",
  method: "GET",
  path: "/ready",
  group,
  summary: "Can the process do its work now? 503 when the database does not answer",
  access: null,
  answers: { 200: { description: "It can.", schema: z.object({ status: z.literal("ready") }) } },
});

export const getOpenApi = endpoint({
  id: "getOpenApi",
  method: "GET",
  path: "/openapi.json",
  group,
  summary: "This document",
  access: null,
  answers: {
    200: { description: "OpenAPI 3.1.", schema: z.record(z.string(), z.unknown()) },
  },
});

export const getMe = endpoint({
  id: "getMe",
  method: "GET",
  path: "/me",
  group,
  summary: "Who is signed in",
  access: { role: "viewer" },
  answers: { 200: { description: "The user.", schema: me } },
});

export const getOverview = endpoint({
  id: "getOverview",
  method: "GET",
  path: "/overview",
  group,
  summary: "What needs attention, and every agent's figures",
  access: { role: "viewer", scope: "admin" },
  answers: { 200: { description: "The overview.", schema: overview } },
});
