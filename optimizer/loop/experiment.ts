/**
 * Experiment: the regression run of one generation. Children race block by block on the benchmarks and repeats of the
 * incumbents, so arms are paired; a control that fails once is rerun twice before it counts. The few children that did
 * best run again at once, as in successive halving: a discounted single run can hardly pass a survivor of many.
 * Part of the trials goes to the members of the first front that have least behind them: few trials flatter, and the
 * best of many flatters most.
 */
import {
  byPrompt,
  type Measured,
  type Measurement,
  measure,
  repeatOffsetsOf,
  type StopReason,
  trialKey,
} from "../measurement.ts";
import type { Evaluator, ExperimentRecord, RunStore, SearchPrompt, TrialOrder } from "../ports.ts";
import type { ExperimentInput } from "./experiment-input.ts";
import {
  armOrders,
  baselineOrders,
  probeOrders,
  promisingOrders,
  rerunOrders,
  rollingOrders,
} from "./experiment-orders.ts";
import { isIdle } from "./idle-edit.ts";
import { type DroppedChild, dropAfterBlock, idleFromTheStart, planBlocks } from "./race.ts";

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
  const trials = new Trials(input, ports.evaluator);
  const dropped: DroppedChild[] = [];
  await trials.run([...baselineOrders(input), ...rollingOrders(input)]);
  await race(input, trials, dropped);
  const lost = new Set(dropped.map(({ promptId }) => promptId));
  const finishers = input.children.filter(({ id }) => !lost.has(id));
  await trials.run(promisingOrders(finishers, trials.measurements, input));
  if (trials.stopped === null) await finish(input, trials.measurements, dropped, ports.store);
  return { measurements: trials.measurements, stopped: trials.stopped, dropped };
}

/** The trials of one generation so far; once one was refused, nothing more is run. */
class Trials {
  readonly measurements: Measurement[] = [];
  stopped: StopReason | null = null;
  private readonly done = new Set<string>();

  constructor(
    private readonly input: ExperimentInput,
    private readonly evaluator: Evaluator,
  ) {}

  /** Runs those of the orders that this generation has not run; each trial counts once. */
  async run(orders: readonly TrialOrder[]): Promise<void> {
    const fresh = orders.filter((order) => !this.done.has(trialKey(asMeasured(order))));
    if (this.stopped !== null || fresh.length === 0) return;
    for (const order of fresh) this.done.add(trialKey(asMeasured(order)));
    const spent = this.measurements.reduce((sum, { costUsd }) => sum + costUsd, 0);
    const { measurements, stopped } = await measure(this.evaluator, fresh, {
      spendMaxUsd: this.input.spendMaxUsd - spent,
    });
    this.measurements.push(...measurements);
    this.stopped = stopped;
  }
}

/** Runs the children block by block; `dropped` takes those that leave. */
async function race(input: ExperimentInput, trials: Trials, dropped: DroppedChild[]) {
  const { config, generation, incumbent, targets, controls, rates } = input;
  const { raceBlocks, searchRepeats, controlLossMax } = config.experiment;
  const parents = new Set([incumbent.id, ...input.parentIds]);
  let racing = input.children;
  const blocks = planBlocks(targets, controls, rates, raceBlocks);
  if (blocks.length > 1) {
    await trials.run(probeOrders(blocks.flat(), trials.measurements, input));
    if (trials.stopped !== null) return;
    const idle = idleChildren(input, trials.measurements);
    dropped.push(...idle);
    racing = without(racing, idle);
  }
  for (const [index, block] of blocks.entries()) {
    await trials.run(racing.flatMap((child) => armOrders(child, block, 0, searchRepeats, input)));
    await trials.run(rerunOrders(racing, block, trials.measurements, input));
    if (trials.stopped !== null) return;
    // After the last block all is measured, and survival decides.
    if (index === blocks.length - 1) return;
    const leaving = dropAfterBlock({
      seed: config.seed,
      generation,
      block: index + 1,
      benchmarkIds: blocks.slice(0, index + 1).flatMap((b) => b.map(({ id }) => id)),
      controlIds: controls.map(({ id }) => id),
      controlsToLose: Math.floor(controls.length * controlLossMax),
      incumbentId: incumbent.id,
      childIds: racing.filter(({ id }) => !parents.has(id)).map(({ id }) => id),
      parentIds: [...parents],
      populationSize: config.populationSize,
      measurements: byPrompt([...input.soFar, ...trials.measurements]),
    });
    dropped.push(...leaving);
    racing = without(racing, leaving);
  }
}

function idleChildren(
  input: ExperimentInput,
  measurements: readonly Measurement[],
): DroppedChild[] {
  const groups = byPrompt([...input.soFar, ...measurements]);
  const of = (id: string) => groups.get(id) ?? [];
  return input.children
    .filter(({ id }) =>
      (input.bredFrom.get(id) ?? []).some((parentId) => isIdle(of(id), of(parentId))),
    )
    .map(({ id }) => idleFromTheStart(id));
}

function without(
  children: readonly SearchPrompt[],
  leaving: readonly DroppedChild[],
): readonly SearchPrompt[] {
  const gone = new Set(leaving.map(({ promptId }) => promptId));
  return children.filter(({ id }) => !gone.has(id));
}

function asMeasured({ prompt, benchmark, repeat }: TrialOrder) {
  return { promptId: prompt.id, benchmarkId: benchmark.id, repeat };
}

function recordOf(child: SearchPrompt, input: ExperimentInput): ExperimentRecord {
  return {
    id: input.experimentId(input.generation, child.id),
    kind: "search",
    generation: input.generation,
    promptId: child.id,
    baselinePromptId: input.incumbent.id,
    benchmarkIds: [...input.targets, ...input.controls].map((benchmark) => benchmark.id),
    controlIds: input.controls.map((benchmark) => benchmark.id),
    repeats: input.config.experiment.searchRepeats,
    repeatOffset: repeatOffsetsOf("vary").search,
  };
}

async function finish(
  input: ExperimentInput,
  measurements: readonly Measurement[],
  dropped: readonly DroppedChild[],
  store: RunStore,
): Promise<void> {
  const groups = byPrompt(measurements);
  const dropOf = new Map(dropped.map((drop) => [drop.promptId, drop]));
  for (const child of input.children) {
    const own = groups.get(child.id) ?? [];
    const successes = own.filter((m) => m.success).length;
    const drop = dropOf.get(child.id);
    await store.finishExperiment(
      input.experimentId(input.generation, child.id),
      { trials: own.length, successes, ...(drop === undefined ? {} : { dropped: drop }) },
      null,
    );
  }
}
