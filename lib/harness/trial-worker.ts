import type { TrialResult } from "../domain/trial.ts";
import { rememberingResolver } from "../llm/models.ts";
import { runTrial } from "./run-trial.ts";
import type { TrialRequest } from "./trial-request.ts";

// Only models of this process run here: no keys are handed to threads.
const modelOf = rememberingResolver({ keys: {} });

/** One trial in a worker thread. */
export function runInWorker(request: TrialRequest): Promise<TrialResult> {
  return runTrial(request, modelOf);
}
