import { endpoint } from "../endpoint.ts";
import { certificationBody, labelImportBody, pageQuery, suiteParams } from "../requests.ts";
import {
  certificationPage,
  certificationShape,
  importedLabels,
  judgeLabelPage,
  judgeStandingShape,
} from "../shapes/judge.ts";

const group = "Judges";
const reads = { role: "viewer", scope: "experiments:run" } as const;
const works = { role: "engineer", scope: "experiments:run" } as const;

export const getJudgeStanding = endpoint({
  id: "getJudgeStanding",
  method: "GET",
  path: "/suites/{suite}/judge",
  group,
  summary: "Whether verdicts may rest on the models that judge a suite",
  access: reads,
  params: suiteParams,
  answers: { 200: { description: "Where its judges stand.", schema: judgeStandingShape } },
  refusals: ["not-found"],
});

export const listJudgeLabels = endpoint({
  id: "listJudgeLabels",
  method: "GET",
  path: "/suites/{suite}/labels",
  group,
  summary: "What people said of answers, in the order in which they did",
  access: reads,
  params: suiteParams,
  query: pageQuery,
  answers: { 200: { description: "One page.", schema: judgeLabelPage } },
  refusals: ["not-found"],
});

export const importJudgeLabels = endpoint({
  id: "importJudgeLabels",
  method: "POST",
  path: "/suites/{suite}/labels",
  group,
  summary: "Say which answers pass",
  description:
    "Up to 2,000 as data, or up to 5,000 lines as JSONL. `id` is the benchmark's id within its suite; `by` is whoever sends it unless it says otherwise. All or nothing. Labels are never changed: a person's newest one on an answer counts, and a repeated one changes nothing.",
  access: works,
  params: suiteParams,
  body: labelImportBody,
  idempotent: true,
  answers: { 200: { description: "Imported.", schema: importedLabels } },
  refusals: ["not-found", "conflict"],
});

export const startCertification = endpoint({
  id: "startCertification",
  method: "POST",
  path: "/suites/{suite}/certifications",
  group,
  summary: "Compare the judges of a suite with people; the optimizer carries it out",
  description:
    "Every labelled answer and a few whose worth is known are judged, at no more than `costLimitUsd` in all and within the day's budget. Verdicts are kept: a repeated comparison pays for new answers alone.",
  access: works,
  params: suiteParams,
  body: certificationBody,
  idempotent: true,
  answers: { 202: { description: "Queued.", schema: certificationShape } },
  refusals: ["not-found", "conflict"],
});

export const listCertifications = endpoint({
  id: "listCertifications",
  method: "GET",
  path: "/suites/{suite}/certifications",
  group,
  summary: "Comparisons of a suite's judges with people, newest first, with what they rested on",
  access: reads,
  params: suiteParams,
  query: pageQuery,
  answers: { 200: { description: "One page.", schema: certificationPage } },
  refusals: ["not-found"],
});
