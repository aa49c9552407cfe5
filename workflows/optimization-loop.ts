/**
 * One long-lived loop for each agent type: takes wishes for generations one after another, each an optimization that the
 * optimizer service carries out, and follows it to its end. Deterministic code; what it knows is small and handed on
 * when the history grows. Pausing holds the wishes back and lets the generation under way end; stopping ends that too.
 */
import {
  ActivityFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import {
  type GenerationEnd,
  type GenerationRequest,
  type LoopActivities,
  type LoopCounts,
  type LoopInput,
  type LoopState,
  loopSignals,
  loopStateQuery,
  seenMax,
  waitingMax,
} from "#lib/temporal/loop-contract.ts";

const { start_generation, stop_generation } = proxyActivities<LoopActivities>({
  startToCloseTimeout: "30s",
  // One that is under way may have written its row: its answer is needed to stop that.
  cancellationType: "WAIT_CANCELLATION_COMPLETED",
  retry: { initialInterval: "200ms", maximumInterval: "10s", nonRetryableErrorTypes: ["Refused"] },
});
// A generation may take days; a worker that died is noticed by its silence.
const { follow_generation } = proxyActivities<LoopActivities>({
  startToCloseTimeout: "30d",
  heartbeatTimeout: "2s",
  retry: { initialInterval: "200ms", maximumInterval: "10s", nonRetryableErrorTypes: ["Refused"] },
});

const startGeneration = defineSignal<[GenerationRequest]>(loopSignals.startGeneration);
const historyEventsMax = 4_000;

export async function OptimizationLoopWorkflow(input: LoopInput): Promise<LoopCounts> {
  const { carried } = input;
  const waiting = [...(carried?.waiting ?? [])];
  const seen = new Set(carried?.seen ?? []);
  const counts: LoopCounts = { ...(carried?.counts ?? { finished: 0, repeated: 0, refused: 0 }) };
  let paused = carried?.paused ?? false;
  let last: GenerationEnd | null = carried?.last ?? null;
  let stopping = false;
  let current: LoopState["current"] = null;
  let scope: CancellationScope | null = null;

  setHandler(startGeneration, (request) => {
    if (seen.has(request.request_id)) counts.repeated += 1;
    else if (waiting.length >= waitingMax) counts.refused += 1;
    else {
      seen.add(request.request_id);
      waiting.push(request);
    }
  });
  setHandler(defineSignal(loopSignals.pause), () => {
    paused = true;
  });
  setHandler(defineSignal(loopSignals.resume), () => {
    paused = false;
  });
  setHandler(defineSignal(loopSignals.stop), () => {
    stopping = true;
    scope?.cancel();
  });
  setHandler(defineQuery<LoopState>(loopStateQuery), () => ({
    agent_type: input.agent_type,
    paused,
    stopping,
    current,
    waiting: waiting.length,
    counts,
    last,
  }));

  const eventsMax = input.history_events_max ?? historyEventsMax;
  const isLong = () =>
    workflowInfo().continueAsNewSuggested || workflowInfo().historyLength >= eventsMax;
  while (true) {
    await condition(() => stopping || isLong() || (!paused && waiting.length > 0));
    if (stopping) return counts;
    if (isLong()) {
      await condition(allHandlersFinished);
      const newest = [...seen].slice(-seenMax);
      return continueAsNew<typeof OptimizationLoopWorkflow>({
        ...input,
        carried: { waiting, seen: newest, paused, counts, last },
      });
    }
    const request = waiting.shift();
    if (request === undefined) continue;
    current = { request_id: request.request_id, optimization_id: request.optimization_id };
    scope = new CancellationScope();
    last = await scope.run(() =>
      generation(input.agent_type, request, (id) => {
        current = { request_id: request.request_id, optimization_id: id };
      }),
    );
    counts[last.state === "refused" ? "refused" : "finished"] += 1;
    current = null;
    scope = null;
  }
}

/** From the wish to the end of its optimization; a cancellation from anywhere stops the optimization itself. */
async function generation(
  agentType: string,
  request: GenerationRequest,
  started: (optimizationId: string) => void,
): Promise<GenerationEnd> {
  const end = { request_id: request.request_id, optimization_id: request.optimization_id };
  try {
    const { optimization_id } = await start_generation({ agent_type: agentType, request });
    end.optimization_id = optimization_id;
    started(optimization_id);
    const { state, trials_done } = await follow_generation({ optimization_id });
    return { ...end, state, reason: null, trials_done };
  } catch (error) {
    if (isCancellation(error)) {
      const id = end.optimization_id;
      if (id !== null)
        await CancellationScope.nonCancellable(() => stop_generation({ optimization_id: id }));
      // A stop by signal goes on to the loop's own end; a cancelled workflow ends as cancelled.
      if (CancellationScope.current().parent?.consideredCancelled === true) throw error;
      return { ...end, state: "stopped", reason: null, trials_done: 0 };
    }
    if (!(error instanceof ActivityFailure)) throw error;
    const reason = error.cause?.message ?? error.message;
    return { ...end, state: "refused", reason: reason.slice(0, 300), trials_done: 0 };
  }
}
