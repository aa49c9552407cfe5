/** The product's workflows, each changed as a hasty edit would: a wait before everything else. For the replay's test. */
import { sleep } from "@temporalio/workflow";
import type { ExperimentInput } from "#lib/temporal/experiment-contract.ts";
import type { LoopInput } from "#lib/temporal/loop-contract.ts";
import * as real from "../all-workflows.ts";

export async function OptimizationLoopWorkflow(input: LoopInput) {
  await sleep("1s");
  return real.OptimizationLoopWorkflow(input);
}

export async function RequestGenerationWorkflow(input: {
  agent_type: string;
  requested_by: string;
}) {
  await sleep("1s");
  return real.RequestGenerationWorkflow(input);
}

export async function ExecuteBenchmarkWorkflow(
  input: Parameters<typeof real.ExecuteBenchmarkWorkflow>[0],
) {
  await sleep("1s");
  return real.ExecuteBenchmarkWorkflow(input);
}

export async function RunExperimentWorkflow(input: ExperimentInput) {
  await sleep("1s");
  return real.RunExperimentWorkflow(input);
}
