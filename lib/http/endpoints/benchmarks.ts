import { endpoint } from "../endpoint.ts";
import { benchmarkListQuery, suiteImportBody, suiteImportQuery, suiteParams } from "../requests.ts";
import { benchmarkShape, importedSuite, suitePage } from "../shapes/benchmark.ts";
import { pageOf } from "../shapes/common.ts";

const group = "Suites";
const reads = { role: "viewer", scope: "experiments:run" } as const;

export const listSuites = endpoint({
  id: "listSuites",
  method: "GET",
  path: "/suites",
  group,
  summary: "Suites with their benchmarks, different inputs and sealed inputs",
  access: reads,
  answers: { 200: { description: "All suites.", schema: suitePage } },
});

export const importBenchmarks = endpoint({
  id: "importBenchmarks",
  method: "POST",
  path: "/suites/{suite}/benchmarks",
  group,
  summary: "Import benchmarks into a suite",
  description:
    "Up to 2,000 as data, or up to 5,000 lines as JSONL, whose bad lines are all named with their number in details.errors (50 of them). With `check=true` nothing is written: the answer says what would be. All or nothing. The same content changes nothing; under a known id it is a new row and the old one retires, kept for the evidence that names it. The answer also names, over the whole suite, inputs that stand in several rows, inputs with contradicting answers, and says when the suite is too small to prove anything.",
  access: { role: "engineer", scope: "experiments:run" },
  params: suiteParams,
  query: suiteImportQuery,
  body: suiteImportBody,
  idempotent: true,
  answers: { 200: { description: "Imported.", schema: importedSuite } },
  refusals: ["conflict"],
});

export const listBenchmarks = endpoint({
  id: "listBenchmarks",
  method: "GET",
  path: "/benchmarks",
  group,
  summary: "Benchmarks by their external id",
  access: reads,
  query: benchmarkListQuery,
  answers: { 200: { description: "One page.", schema: pageOf(benchmarkShape) } },
  refusals: ["not-found"],
});
