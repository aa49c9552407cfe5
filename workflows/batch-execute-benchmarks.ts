/** The trials of one block, in lanes of activities, so that every worker can take some. Deterministic code. */
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
} from "@temporalio/workflow";
import {
  type Block,
  type BlockResult,
  type ExperimentInput,
  finalFailure,
  type TrialActivities,
  type TrialGroup,
} from "#lib/temporal/experiment-contract.ts";
import { chunkTrials, countTrials } from "#lib/temporal/trial-groups.ts";
import { planLanes } from "./lanes.ts";

/** Rounds that may end early and hand trials on; each runs for a minute or ends in a drain. */
const roundsMax = 10_000;

/**
 * Throws what the first lane that broke did: a cancellation, or ApplicationFailure of type `Invalid` for what trying
 * again does not cure.
 */
export async function batchExecuteBenchmarks(
  { experiment_id, optimization_id, trial_queue }: ExperimentInput,
  block: Block,
): Promise<BlockResult> {
  const { BatchExecuteBenchmarks } = proxyActivities<TrialActivities>({
    taskQueue: trial_queue,
    // A foreign agent may take two hours for one trial.
    startToCloseTimeout: "3h",
    // A worker that died is noticed by its silence.
    heartbeatTimeout: "2500ms",
    cancellationType: "WAIT_CANCELLATION_COMPLETED",
    retry: {
      initialInterval: "200ms",
      backoffCoefficient: 2,
      maximumInterval: "10s",
      nonRetryableErrorTypes: [finalFailure],
    },
  });
  const { lanes, width, size } = planLanes(
    countTrials(block.groups),
    block.concurrency,
    block.one_by_one,
  );
  const chunks = chunkTrials(block.groups, size);
  const total: BlockResult = { done: 0, refused: null };
  const lane = async () => {
    for (let round = 0; round < roundsMax && total.refused === null; round++) {
      const groups: TrialGroup[] | undefined = chunks.shift();
      if (groups === undefined) return;
      const { run_limit_usd, executor } = block;
      const answer = await BatchExecuteBenchmarks({
        experiment_id,
        optimization_id,
        groups,
        width,
        run_limit_usd,
        executor,
      });
      total.done += answer.done;
      if (answer.refused !== null) total.refused ??= answer.refused;
      else if (answer.left.length > 0) chunks.push(answer.left);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const broken = ended.find((end) => end.status === "rejected");
  if (broken === undefined) return total;
  if (isCancellation(broken.reason)) throw broken.reason;
  if (!(broken.reason instanceof ActivityFailure)) throw broken.reason;
  throw ApplicationFailure.nonRetryable(
    broken.reason.cause?.message ?? broken.reason.message,
    finalFailure,
  );
}
