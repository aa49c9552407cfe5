import { endpoint } from "../endpoint.ts";
import { experimentParams } from "../requests.ts";
import { experimentDetail } from "../shapes/experiment.ts";

export const getExperiment = endpoint({
  id: "getExperiment",
  method: "GET",
  path: "/experiments/{experimentId}",
  group: "Experiments",
  summary: "One experiment with both arms, benchmark by benchmark",
  access: { role: "viewer", scope: "experiments:run" },
  params: experimentParams,
  answers: { 200: { description: "The experiment.", schema: experimentDetail } },
  refusals: ["not-found"],
});
