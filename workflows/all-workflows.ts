/** What the workflow bundle holds: every workflow of the product, by the name that Temporal knows it by. */
export { ExecuteBenchmarkWorkflow } from "./execute-benchmark.ts";
export { OptimizationLoopWorkflow } from "./optimization-loop.ts";
export { RequestGenerationWorkflow } from "./request-generation.ts";
export { RunExperimentWorkflow } from "./run-experiment.ts";
