/** The product's workflows as a next version might have them: a step more, for runs that begin with it. For tests. */
import { patched, sleep } from "@temporalio/workflow";
import type { ExperimentInput } from "#lib/temporal/experiment-contract.ts";
import { RunExperimentWorkflow as today } from "../run-experiment.ts";

export async function RunExperimentWorkflow(input: ExperimentInput) {
  // First of all, since it says what may be asked of the workflow.
  const running = today(input);
  if (patched("next-version")) await sleep("1ms");
  return running;
}
