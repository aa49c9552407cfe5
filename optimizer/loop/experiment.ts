/**
 * Experiment: the regression run of one generation. Children run on the targets and controls in the same repeats as
 * the incumbent, so arms are paired and share their luck. A control that fails once is rerun twice before it counts.
 * The few children that did best run again at once, as in successive halving: a discounted single run can hardly
 * pass a survivor of many, and re-evaluating few is worth more than measuring all a little better.
 * Members of the first front get one more repeat each generation: few trials flatter, and the best of many flatters
 * most.
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
  trialKey,
} from "../measurement.ts";
import type { Evaluator, ExperimentRecord, RunStore, SearchPrompt, TrialOrder } from "../ports.ts";
import { doubtfulControls } from "./evaluate.ts";

export interface ExperimentInput {
  config: OptimizationConfig;
  generation: number;
  incumbent: SearchPrompt;
  /** What the incumbent did in earlier generations; its trials of the first one are part of the experiment. */
  incumbentSoFar: readonly Measurement[];
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

/** Runs one generation's trials; what is already stored is read, not run again. */
export async function experiment(
  input: ExperimentInput,
  ports: { evaluator: Evaluator; store: RunStore },
): Promise<Measured> {
  const { config, generation, incumbent } = input;
  const benchmarks = [...input.targets, ...input.controls];
  for (const child of input.children) await ports.store.startExperiment(recordOf(child, input));
  const orders: TrialOrder[] = [];
  if (generation === 0) {
    orders.push(
      ...armOrders(
        incumbent,
        benchmarks,
        0,
        config.experiment.reevaluationRepeatsMax,
        input,
        "baseline",
      ),
    );
  }
  for (const child of input.children) {
    orders.push(
      ...armOrders(child, benchmarks, 0, config.experiment.searchRepeats, input, "candidate"),
    );
  }
  for (const { prompt, repeats } of input.reevaluate) {
    orders.push(...armOrders(prompt, benchmarks, repeats, 1, input, "candidate"));
  }
  const measurements: Measurement[] = [];
  for (const nextOrders of [() => orders, rerunOrders, promisingOrders]) {
    const spent = measurements.reduce((sum, { costUsd }) => sum + costUsd, 0);
    const round = await measure(ports.evaluator, nextOrders(measurements, input), {
      spendMaxUsd: input.spendMaxUsd - spent,
    });
    measurements.push(...round.measurements);
    if (round.stopped !== null) return { measurements, stopped: round.stopped };
  }
  await finish(input, measurements, ports.store);
  return { measurements, stopped: null };
}

/** More repeats for the children that passed most, without those that lost a control; ties keep the children's order. */
function promisingOrders(
  measurements: readonly Measurement[],
  input: ExperimentInput,
): TrialOrder[] {
  const { promisingChildren, promisingRepeats, searchRepeats } = input.config.experiment;
  const benchmarks = [...input.targets, ...input.controls];
  const groups = byPrompt(measurements);
  const done = new Set(measurements.map(trialKey));
  const today = [...input.incumbentSoFar, ...(groups.get(input.incumbent.id) ?? [])];
  const rateToBeat = successRate(today);
  return input.children
    .map((child) => ({ child, rate: firstRate(groups.get(child.id) ?? [], input) }))
    .filter(({ rate }) => rate > rateToBeat)
    .sort((a, b) => b.rate - a.rate)
    .slice(0, promisingChildren)
    .flatMap(({ child }) =>
      armOrders(child, benchmarks, searchRepeats, promisingRepeats, input, "candidate"),
    )
    .filter((order) => !done.has(trialKey(asMeasured(order))));
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

function rerunOrders(measurements: readonly Measurement[], input: ExperimentInput): TrialOrder[] {
  const groups = byPrompt(measurements);
  return input.children.flatMap((child) => {
    const own = groups.get(child.id) ?? [];
    const doubtful = doubtfulControls(
      own,
      input.controls.map((benchmark) => benchmark.id),
    );
    const benchmarks = input.controls.filter((benchmark) => doubtful.includes(benchmark.id));
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
  store: RunStore,
): Promise<void> {
  const groups = byPrompt(measurements);
  for (const child of input.children) {
    const own = groups.get(child.id) ?? [];
    const successes = own.filter((m) => m.success).length;
    const id = input.experimentId(input.generation, child.id);
    await store.finishExperiment(id, { trials: own.length, successes }, null);
  }
}
