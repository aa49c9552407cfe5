import { endpoint } from "../endpoint.ts";
import { benchmarkListQuery } from "../requests.ts";
import { benchmarkShape } from "../shapes/benchmark.ts";
import { pageOf } from "../shapes/common.ts";

export const listBenchmarks = endpoint({
  id: "listBenchmarks",
  method: "GET",
  path: "/benchmarks",
  group: "Suites",
  summary: "Benchmarks by their external id",
  access: { role: "viewer", scope: "experiments:run" },
  query: benchmarkListQuery,
  answers: { 200: { description: "One page.", schema: pageOf(benchmarkShape) } },
  refusals: ["not-found"],
});
