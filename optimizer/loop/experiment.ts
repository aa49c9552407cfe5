/**
 * Experiment: the race of one generation. Children run rung by rung on the rows and repeats of the incumbents, so arms are
 * paired, and leave when they have hardly a chance to be better than their rival.
 */
import { type Measured, measure, type StopReason } from "../measurement.ts";
import type { Evaluator, ExperimentRecord, RunStore, TrialOrder } from "../ports.ts";
import type { ExperimentChild, ExperimentInput } from "./experiment-input.ts";
import { type DroppedChild, leaveAfterRung } from "./race.ts";
import { ordersUpTo } from "./rung-orders.ts";

export interface ExperimentResult extends Measured {
  /** Children that left the race early. */
  dropped: DroppedChild[];
}

interface Ports {
  evaluator: Evaluator;
  store: RunStore;
}

/** Runs one generation's trials; what is already stored is read, not run again. */
export async function experiment(input: ExperimentInput, ports: Ports): Promise<ExperimentResult> {
  for (const child of input.children) await ports.store.startExperiment(recordOf(child, input));
  const result: ExperimentResult = { measurements: [], stopped: null, dropped: [] };
  let racing = input.children;
  for (const [index, trials] of input.sizes.rungs.entries()) {
    const before = racing;
    racing = affordable(racing, trials, input);
    const cut = before.filter((child) => !racing.includes(child));
    result.dropped.push(...cut.map(({ prompt }) => cutOff(prompt.id, index)));
    result.stopped = await runRung(racing, trials, input, { evaluator: ports.evaluator, result });
    if (result.stopped !== null) return result;
    const racers = racing.map(({ prompt, aim, parentIds }) => ({ id: prompt.id, aim, parentIds }));
    const leaving = leaveAfterRung({
      board: input.board,
      rung: index + 1,
      racers,
      populationIds: input.populationIds,
      stopBelow: input.sizes.stopBelow,
    });
    result.dropped.push(...leaving);
    const gone = new Set(leaving.map(({ promptId }) => promptId));
    racing = racing.filter(({ prompt }) => !gone.has(prompt.id));
    if (racing.length === 0) break;
  }
  await finish(input, result.dropped, ports.store);
  return result;
}

/** Of the children in their order, those whose next rung the trials that are left can pay. */
function affordable(
  racing: readonly ExperimentChild[],
  trials: number,
  input: ExperimentInput,
): readonly ExperimentChild[] {
  let left = input.budget.left - input.trialsKept;
  return racing.filter((child) => {
    const orders = ordersOf(child, trials, input).length;
    if (orders > left) return false;
    left -= orders;
    return true;
  });
}

function cutOff(promptId: string, rung: number): DroppedChild {
  return {
    promptId,
    block: rung,
    rule: "cut-off",
    reason: "the trials that the search has left do not reach for its next rung",
  };
}

async function runRung(
  racing: readonly ExperimentChild[],
  trials: number,
  input: ExperimentInput,
  to: { evaluator: Evaluator; result: ExperimentResult },
): Promise<StopReason | null> {
  const { result } = to;
  const orders = racing.flatMap((child) => ordersOf(child, trials, input));
  if (orders.length === 0) return null;
  const spent = result.measurements.reduce((sum, { costUsd }) => sum + costUsd, 0);
  input.budget.take(orders.length);
  const { measurements, stopped } = await measure(to.evaluator, orders, {
    spendMaxUsd: input.spendMaxUsd - spent,
  });
  result.measurements.push(...measurements);
  // What a cap cut off depends on what happened to run at that moment: it counts as money, not as knowledge.
  if (stopped === null) input.board.keep(measurements);
  return stopped;
}

function ordersOf(child: ExperimentChild, trials: number, input: ExperimentInput): TrialOrder[] {
  const experimentId = input.experimentId(input.generation, child.prompt.id);
  return ordersUpTo(child.prompt, trials, { ...input, arm: "candidate", experimentId });
}

function recordOf({ prompt }: ExperimentChild, input: ExperimentInput): ExperimentRecord {
  const most = Math.max(0, ...input.sizes.rungs);
  return {
    id: input.experimentId(input.generation, prompt.id),
    kind: "search",
    generation: input.generation,
    promptId: prompt.id,
    baselinePromptId: input.incumbent.id,
    benchmarkIds: input.rows.slice(0, most).map(({ id }) => id),
    controlIds: [],
    repeats: Math.max(1, Math.ceil(most / Math.max(1, input.rows.length))),
    repeatOffset: input.repeatOffset,
  };
}

async function finish(
  input: ExperimentInput,
  dropped: readonly DroppedChild[],
  store: RunStore,
): Promise<void> {
  const dropOf = new Map(dropped.map((drop) => [drop.promptId, drop]));
  for (const { prompt } of input.children) {
    const own = input.board.of(prompt.id);
    const successes = own.filter((m) => m.success).length;
    const drop = dropOf.get(prompt.id);
    await store.finishExperiment(
      input.experimentId(input.generation, prompt.id),
      { trials: own.length, successes, ...(drop === undefined ? {} : { dropped: drop }) },
      null,
    );
  }
}
