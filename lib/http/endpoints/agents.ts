import { agentChange } from "#lib/registry/change-agent.ts";
import { endpoint } from "../endpoint.ts";
import { agentParams, newAgentBody, seriesQuery } from "../requests.ts";
import { agentLineage, agentSeries, agentSummary } from "../shapes/agent.ts";
import { pageOf } from "../shapes/common.ts";
import { agentFront } from "../shapes/optimization.ts";

const group = "Agents";
const reads = { role: "viewer", scope: "prompts:read" } as const;
const administers = { role: "admin", scope: "admin" } as const;
const readsEvidence = { role: "viewer", scope: "experiments:run" } as const;

export const listAgents = endpoint({
  id: "listAgents",
  method: "GET",
  path: "/agents",
  group,
  summary: "Agent types with their figures of the last runs",
  access: reads,
  answers: { 200: { description: "All agent types.", schema: pageOf(agentSummary) } },
});

export const createAgent = endpoint({
  id: "createAgent",
  method: "POST",
  path: "/agents",
  group,
  summary: "Add an agent type with its first prompt",
  description:
    "The prompt goes into production at once: there is nothing yet that it could be compared with. From then on prompts get there by an approval.",
  access: administers,
  body: newAgentBody,
  idempotent: true,
  agentTypes: ({ name }) => [name],
  answers: { 201: { description: "Added.", schema: agentSummary } },
  refusals: ["conflict"],
});

export const changeAgent = endpoint({
  id: "changeAgent",
  method: "PATCH",
  path: "/agents/{agentType}",
  group,
  summary: "Change the description or some thresholds of an agent type",
  access: administers,
  params: agentParams,
  body: agentChange,
  answers: { 200: { description: "Changed.", schema: agentSummary } },
  refusals: ["not-found"],
});

export const getAgent = endpoint({
  id: "getAgent",
  method: "GET",
  path: "/agents/{agentType}",
  group,
  summary: "One agent type",
  access: reads,
  params: agentParams,
  answers: { 200: { description: "The agent type.", schema: agentSummary } },
  refusals: ["not-found"],
});

export const getAgentSeries = endpoint({
  id: "getAgentSeries",
  method: "GET",
  path: "/agents/{agentType}/series",
  group,
  summary: "Success, cost and latency over time, with the moves of prod",
  access: readsEvidence,
  params: agentParams,
  query: seriesQuery,
  answers: { 200: { description: "The series.", schema: agentSeries } },
  refusals: ["not-found"],
});

export const getAgentLineage = endpoint({
  id: "getAgentLineage",
  method: "GET",
  path: "/agents/{agentType}/lineage",
  group,
  summary: "All prompts of an agent type and which came from which",
  access: reads,
  params: agentParams,
  answers: { 200: { description: "Nodes and edges.", schema: agentLineage } },
  refusals: ["not-found"],
});

export const getAgentFront = endpoint({
  id: "getAgentFront",
  method: "GET",
  path: "/agents/{agentType}/front",
  group,
  summary: "The population of the newest optimization, with its non-dominated front",
  access: readsEvidence,
  params: agentParams,
  answers: { 200: { description: "The population.", schema: agentFront } },
  refusals: ["not-found"],
});
