/**
 * Experiment: the regression run of one generation. Children race block by block on the benchmarks and repeats of the
 * incumbents, so arms are paired; a control that fails once is rerun twice before it counts. The few children that did
 * best run again at once, as in successive halving: a discounted single run can hardly pass a survivor of many.
 * Part of the trials goes to the members of the first front that have least behind them: few trials flatter, and the
 * best of many flatters most.
 */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import {
  byPrompt,
  type Measured,
  type Measurement,
  measure,
  ordersFor,
  repeatOffsets,
  type StopReason,
  trialKey,
} from "../measurement.ts";
import type { Evaluator, ExperimentRecord, RunStore, SearchPrompt, TrialOrder } from "../ports.ts";
import { doubtfulControls } from "./evaluate.ts";
import { type DroppedChild, dropAfterBlock, planBlocks } from "./race.ts";

export interface ExperimentInput {
  config: OptimizationConfig;
  generation: number;
  incumbent: SearchPrompt;
  /** The population that the children compete with. */
  parentIds: readonly string[];
  /** All that was measured in earlier generations. */
  soFar: readonly Measurement[];
  /** Pass rates by benchmark id over all prompts so far: how hard each one is. */
  rates: ReadonlyMap<string, number>;
  children: readonly SearchPrompt[];
  /** Members of the current first front that have room for another repeat, with the number they have. */
  reevaluate: readonly { prompt: SearchPrompt; repeats: number }[];
  targets: readonly Benchmark[];
  controls: readonly Benchmark[];
  /** The most that this generation may spend in USD: the rest of the cap belongs to the proof of the finalists. */
  spendMaxUsd: number;
  /** Identity of an experiment row: a pure function of the run, the generation and the prompt. */
  experimentId: (generation: number, promptId: string) => string;
}

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
  for (const [index, block] of blocks.entries()) {
    await trials.run(
      racing.flatMap((child) => armOrders(child, block, 0, searchRepeats, input, "candidate")),
    );
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
    const gone = new Set(leaving.map(({ promptId }) => promptId));
    racing = racing.filter(({ id }) => !gone.has(id));
  }
}

/** The incumbent runs in the first generation all the repeats that its rivals may come to. */
function baselineOrders(input: ExperimentInput): TrialOrder[] {
  if (input.generation > 0) return [];
  const { reevaluationRepeatsMax } = input.config.experiment;
  const benchmarks = [...input.targets, ...input.controls];
  return armOrders(input.incumbent, benchmarks, 0, reevaluationRepeatsMax, input, "baseline");
}

/** One more repeat for those that have least, as far as the share of the generation's trials goes; ties by order. */
function rollingOrders(input: ExperimentInput): TrialOrder[] {
  const { searchRepeats, rollingShare } = input.config.experiment;
  const benchmarks = [...input.targets, ...input.controls];
  const rounds = rollingRounds(input.children.length * searchRepeats, rollingShare);
  return [...input.reevaluate]
    .sort((a, b) => a.repeats - b.repeats)
    .slice(0, rounds)
    .flatMap(({ prompt, repeats }) =>
      armOrders(prompt, benchmarks, repeats, 1, input, "candidate"),
    );
}

/** Rounds over all benchmarks that re-evaluation gets, so that it is `share` of all the rounds of a generation. */
export function rollingRounds(childRounds: number, share: number): number {
  return Math.round((childRounds * share) / (1 - share));
}

/** More repeats for the finishers that passed most, without those that lost a control; ties keep their order. */
function promisingOrders(
  finishers: readonly SearchPrompt[],
  measurements: readonly Measurement[],
  input: ExperimentInput,
): TrialOrder[] {
  const { promisingChildren, promisingRepeats, searchRepeats } = input.config.experiment;
  const benchmarks = [...input.targets, ...input.controls];
  const groups = byPrompt([...input.soFar, ...measurements]);
  const rateToBeat = successRate(groups.get(input.incumbent.id) ?? []);
  return finishers
    .map((child) => ({ child, rate: firstRate(groups.get(child.id) ?? [], input) }))
    .filter(({ rate }) => rate > rateToBeat)
    .sort((a, b) => b.rate - a.rate)
    .slice(0, promisingChildren)
    .flatMap(({ child }) =>
      armOrders(child, benchmarks, searchRepeats, promisingRepeats, input, "candidate"),
    );
}

/** Success over the repeats that every child has, so that reruns of single controls do not count. */
function firstRate(own: readonly Measurement[], { config }: ExperimentInput): number {
  const last = repeatOffsets.search + config.experiment.searchRepeats;
  return successRate(own.filter(({ repeat }) => repeat < last));
}

function successRate(measurements: readonly Measurement[]): number {
  return measurements.filter(({ success }) => success).length / Math.max(1, measurements.length);
}

function asMeasured({ prompt, benchmark, repeat }: TrialOrder) {
  return { promptId: prompt.id, benchmarkId: benchmark.id, repeat };
}

function armOrders(
  prompt: SearchPrompt,
  benchmarks: readonly Benchmark[],
  done: number,
  repeats: number,
  input: ExperimentInput,
  arm: "baseline" | "candidate",
): TrialOrder[] {
  const experimentId = input.experimentId(input.generation, prompt.id);
  return ordersFor(prompt, benchmarks, {
    offset: repeatOffsets.search + done,
    repeats,
    arm,
    experimentId,
  });
}

/** Two more runs of each control of the block that a child failed once. */
function rerunOrders(
  racing: readonly SearchPrompt[],
  block: readonly Benchmark[],
  measurements: readonly Measurement[],
  input: ExperimentInput,
): TrialOrder[] {
  const controlIds = new Set(input.controls.map(({ id }) => id));
  const controls = block.filter(({ id }) => controlIds.has(id));
  const groups = byPrompt(measurements);
  return racing.flatMap((child) => {
    const doubtful = doubtfulControls(
      groups.get(child.id) ?? [],
      controls.map(({ id }) => id),
    );
    const benchmarks = controls.filter(({ id }) => doubtful.includes(id));
    return armOrders(
      child,
      benchmarks,
      input.config.experiment.searchRepeats,
      2,
      input,
      "candidate",
    );
  });
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
    repeatOffset: repeatOffsets.search,
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
