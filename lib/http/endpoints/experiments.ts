import { endpoint } from "../endpoint.ts";
import { experimentListQuery, experimentParams, trialListQuery, trialParams } from "../requests.ts";
import { experimentDetail, experimentPage } from "../shapes/experiment.ts";
import { trialPage, trialWithTrace } from "../shapes/trial.ts";

const group = "Experiments";
const reads = { role: "viewer", scope: "experiments:run" } as const;

export const listExperiments = endpoint({
  id: "listExperiments",
  method: "GET",
  path: "/experiments",
  group,
  summary: "Experiments, newest first",
  access: reads,
  query: experimentListQuery,
  answers: { 200: { description: "One page.", schema: experimentPage } },
});

export const getExperiment = endpoint({
  id: "getExperiment",
  method: "GET",
  path: "/experiments/{experimentId}",
  group,
  summary: "One experiment with both arms, benchmark by benchmark",
  access: reads,
  params: experimentParams,
  answers: { 200: { description: "The experiment.", schema: experimentDetail } },
  refusals: ["not-found"],
});

export const listTrials = endpoint({
  id: "listTrials",
  method: "GET",
  path: "/experiments/{experimentId}/trials",
  group,
  summary: "The trials that an experiment paid for, by their evaluation key",
  access: reads,
  params: experimentParams,
  query: trialListQuery,
  answers: { 200: { description: "One page.", schema: trialPage } },
  refusals: ["not-found"],
});

export const getTrial = endpoint({
  id: "getTrial",
  method: "GET",
  path: "/trials/{evaluationKey}",
  group,
  summary: "One trial with its trace",
  access: reads,
  params: trialParams,
  answers: { 200: { description: "The trial.", schema: trialWithTrace } },
  refusals: ["not-found"],
});
