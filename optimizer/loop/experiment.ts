/**
 * Experiment: the regression run of one generation. Children run on the targets and controls in the same repeats as
 * the incumbent, so arms are paired and share their luck. A control that fails once is rerun twice before it counts.
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
} from "../measurement.ts";
import type { Evaluator, ExperimentRecord, RunStore, SearchPrompt, TrialOrder } from "../ports.ts";
import { doubtfulControls } from "./evaluate.ts";

export interface ExperimentInput {
  config: OptimizationConfig;
  generation: number;
  incumbent: SearchPrompt;
  children: readonly SearchPrompt[];
  /** Members of the current first front that have room for another repeat, with the number they have. */
  reevaluate: readonly { prompt: SearchPrompt; repeats: number }[];
  targets: readonly Benchmark[];
  controls: readonly Benchmark[];
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
  const first = await measure(ports.evaluator, orders);
  if (first.stopped !== null) return first;
  const reruns = await measure(ports.evaluator, rerunOrders(first.measurements, input));
  const measurements = [...first.measurements, ...reruns.measurements];
  if (reruns.stopped === null) await finish(input, measurements, ports.store);
  return { measurements, stopped: reruns.stopped };
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
