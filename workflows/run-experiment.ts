/**
 * One workflow for each experiment. Racing asks for trials in blocks, each an update with the block's id, so that a
 * repeated request finds the first. It ends when told to, when a cap refused, or when nothing is
 * asked for a while; the next request starts it again. Deterministic code.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from "@temporalio/workflow";
import {
  type Block,
  type BlockResult,
  type ExperimentActivities,
  type ExperimentInput,
  type ExperimentProgress,
  finishSignal,
  progressQuery,
  runBlockUpdate,
} from "#lib/temporal/experiment-contract.ts";
import { statusAttribute } from "#lib/temporal/search-attributes.ts";
import { countTrials } from "#lib/temporal/trial-groups.ts";
import { batchExecuteBenchmarks } from "./batch-execute-benchmarks.ts";

const { mark_stopped } = proxyActivities<ExperimentActivities>({
  startToCloseTimeout: "30s",
  retry: { initialInterval: "200ms", maximumInterval: "10s" },
});
const historyEventsMax = 2_000;

export async function RunExperimentWorkflow(input: ExperimentInput): Promise<ExperimentProgress> {
  const progress: ExperimentProgress = {
    trials: input.done,
    done: input.done,
    blocks: input.blocks,
    status: "waiting",
  };
  let running = 0;
  let events = 0;
  let ending = false;
  const scope = new CancellationScope();
  const status = (next: ExperimentProgress["status"]) => {
    if (progress.status === next) return;
    progress.status = next;
    upsertSearchAttributes([{ key: statusAttribute, value: next }]);
  };

  setHandler(defineQuery<ExperimentProgress>(progressQuery), () => progress);
  setHandler(defineSignal(finishSignal), () => {
    ending = true;
  });
  setHandler(defineUpdate<BlockResult, [Block]>(runBlockUpdate), async (block) => {
    running += 1;
    events += 1;
    progress.blocks += 1;
    progress.trials += countTrials(block.groups);
    status("running");
    try {
      const result = await scope.run(() => batchExecuteBenchmarks(input, block));
      progress.done += result.done;
      // The next request must find a new run, not this one's refusal.
      if (result.refused !== null) ending = true;
      return result;
    } catch (error) {
      if (!isCancellation(error)) throw error;
      return { done: 0, refused: "stopped" };
    } finally {
      running -= 1;
      if (running === 0 && !ending) status("waiting");
    }
  });

  try {
    return await untilIdle();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    scope.cancel();
    await CancellationScope.nonCancellable(async () => {
      await condition(allHandlersFinished);
      await mark_stopped({ experiment_id: input.experiment_id });
      status("stopped");
    });
    throw error;
  }

  async function untilIdle(): Promise<ExperimentProgress> {
    while (true) {
      const seen = events;
      const changed = await condition(() => ending || running > 0 || isLong(input), input.idle_ms);
      await condition(allHandlersFinished);
      if (ending || (!changed && events === seen)) break;
      if (isLong(input)) {
        const { done, blocks } = progress;
        return continueAsNew<typeof RunExperimentWorkflow>({ ...input, done, blocks });
      }
    }
    status("finished");
    return progress;
  }
}

function isLong({ history_events_max = historyEventsMax }: ExperimentInput): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= history_events_max;
}
