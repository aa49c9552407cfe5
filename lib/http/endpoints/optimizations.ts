import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { optimizationListQuery, optimizationParams, reportQuery } from "../requests.ts";
import {
  optimizationDetail,
  optimizationPage,
  optimizationRequest,
  optimizationSummary,
} from "../shapes/optimization.ts";
import { optimizationPreview, previewRequest } from "../shapes/preview.ts";
import { runReport } from "../shapes/report.ts";

const group = "Optimizations";
const reads = { role: "viewer", scope: "experiments:run" } as const;
const works = { role: "engineer", scope: "experiments:run" } as const;

export const listOptimizations = endpoint({
  id: "listOptimizations",
  method: "GET",
  path: "/optimizations",
  group,
  summary: "Optimizations, newest first",
  access: reads,
  query: optimizationListQuery,
  answers: { 200: { description: "One page.", schema: optimizationPage } },
  refusals: ["not-found"],
});

export const startOptimization = endpoint({
  id: "startOptimization",
  method: "POST",
  path: "/optimizations",
  group,
  summary: "Queue an optimization; the optimizer takes it up",
  access: works,
  body: optimizationRequest,
  idempotent: true,
  agentTypes: ({ agentType }) => [agentType],
  answers: { 202: { description: "Queued.", schema: optimizationSummary } },
  refusals: ["not-found", "conflict"],
});

export const previewOptimization = endpoint({
  id: "previewOptimization",
  method: "POST",
  path: "/optimizations/preview",
  group,
  summary: "What an optimization would take in calls, dollars and time, before it is started",
  description:
    "Each figure is a range with its source: earlier trials of the agent, its runs, or the price table. Nothing is written.",
  access: works,
  body: previewRequest,
  agentTypes: ({ agentType }) => [agentType],
  answers: { 200: { description: "The preview.", schema: optimizationPreview } },
  refusals: ["not-found", "conflict"],
});

export const getOptimization = endpoint({
  id: "getOptimization",
  method: "GET",
  path: "/optimizations/{optimizationId}",
  group,
  summary: "One optimization with its populations, insights and log",
  access: reads,
  params: optimizationParams,
  answers: { 200: { description: "The optimization.", schema: optimizationDetail } },
  refusals: ["not-found"],
});

export const reportOptimization = endpoint({
  id: "reportOptimization",
  method: "GET",
  path: "/optimizations/{optimizationId}/report",
  group,
  summary: "One page about a run: front, lineage, verdicts, spending and how to repeat it",
  description:
    "JSON; `format=html`, or an Accept header that asks for text/html, gives one self-contained page to forward. Of a run under way, what there is so far.",
  access: reads,
  params: optimizationParams,
  query: reportQuery,
  answers: { 200: { description: "The report.", schema: runReport } },
  refusals: ["not-found"],
});

export const stopOptimization = endpoint({
  id: "stopOptimization",
  method: "POST",
  path: "/optimizations/{optimizationId}/stop",
  group,
  summary: "Ask a run to end with what it has",
  description: "Asking again, or after its end, changes nothing.",
  access: works,
  params: optimizationParams,
  answers: { 200: { description: "Asked.", schema: optimizationSummary } },
  refusals: ["not-found"],
});

export const resumeOptimization = endpoint({
  id: "resumeOptimization",
  method: "POST",
  path: "/optimizations/{optimizationId}/resume",
  group,
  summary: "Take up a run that was stopped, that failed, or that the day's cap ended",
  description: "It goes on at the step it was in; what it measured is read and not paid again.",
  access: works,
  params: optimizationParams,
  answers: { 202: { description: "Queued.", schema: optimizationSummary } },
  refusals: ["not-found", "conflict"],
});

export const watchOptimization = endpoint({
  id: "watchOptimization",
  method: "GET",
  path: "/optimizations/{optimizationId}/events",
  group,
  summary: "What happens in an optimization, as server-sent events",
  description:
    "`progress` and `end` carry an OptimizationSummary, `log` a line of its log; Last-Event-ID goes on after that line. The stream ends with the run, or after five minutes: connect again.",
  access: reads,
  params: optimizationParams,
  answers: {
    200: { description: "Events.", schema: z.string(), mediaType: "text/event-stream" },
  },
  refusals: ["not-found", "too-many-requests"],
});
