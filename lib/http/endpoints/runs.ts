import { endpoint } from "../endpoint.ts";
import { runBatchBody, runListQuery, runParams } from "../requests.ts";
import { pageOf } from "../shapes/common.ts";
import { journalRun, journalRunWithSteps, recordedRuns } from "../shapes/run.ts";

const group = "Runs";
const reads = { role: "viewer", scope: "experiments:run" } as const;

export const listRuns = endpoint({
  id: "listRuns",
  method: "GET",
  path: "/runs",
  group,
  summary: "Production runs, newest first",
  access: reads,
  query: runListQuery,
  answers: { 200: { description: "One page.", schema: pageOf(journalRun) } },
  refusals: ["not-found"],
});

export const recordRuns = endpoint({
  id: "recordRuns",
  method: "POST",
  path: "/runs",
  group,
  summary: "Report up to 500 runs of agents",
  description: "Idempotent by the caller's run ids: a run counts once, however often it is sent.",
  access: { role: "engineer", scope: "runs:write" },
  body: runBatchBody,
  idempotent: true,
  agentTypes: ({ runs }) => runs.map(({ agentType }) => agentType),
  answers: { 200: { description: "Recorded.", schema: recordedRuns } },
  refusals: ["not-found", "conflict"],
});

export const getRun = endpoint({
  id: "getRun",
  method: "GET",
  path: "/runs/{runId}",
  group,
  summary: "One run with its steps",
  access: reads,
  params: runParams,
  answers: { 200: { description: "The run.", schema: journalRunWithSteps } },
  refusals: ["not-found"],
});
