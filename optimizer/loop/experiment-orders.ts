/** Which trials the children, the incumbent and the front run in a generation, and in which order. */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { byPrompt, type Measurement, ordersFor, repeatOffsetsOf } from "../measurement.ts";
import type { SearchPrompt, TrialOrder } from "../ports.ts";
import { doubtfulControls } from "./evaluate.ts";
import type { ExperimentInput } from "./experiment-input.ts";
import { probesOf } from "./idle-edit.ts";

/** Where its parents failed, a child runs first: an edit that changes nothing there is not worth the rest. */
export function probeOrders(
  order: readonly Benchmark[],
  measurements: readonly Measurement[],
  input: ExperimentInput,
): TrialOrder[] {
  const groups = byPrompt([...input.soFar, ...measurements]);
  const ids = order.map(({ id }) => id);
  const last = repeatOffsetsOf("vary").search + input.config.experiment.searchRepeats;
  return input.children.flatMap((child) => {
    const probes = (input.bredFrom.get(child.id) ?? []).flatMap((parentId) => {
      const own = groups.get(parentId) ?? [];
      return probesOf(
        own.filter(({ repeat }) => repeat >= repeatOffsetsOf("vary").search && repeat < last),
        ids,
      );
    });
    const benchmarks = order.filter(({ id }) => probes.includes(id));
    return armOrders(child, benchmarks, 0, input.config.experiment.searchRepeats, input);
  });
}

/** The incumbent runs in the first generation all the repeats that its rivals may come to. */
export function baselineOrders(input: ExperimentInput): TrialOrder[] {
  if (input.generation > 0) return [];
  const { reevaluationRepeatsMax } = input.config.experiment;
  const benchmarks = [...input.targets, ...input.controls];
  return armOrders(input.incumbent, benchmarks, 0, reevaluationRepeatsMax, input, "baseline");
}

/** One more repeat for those that have least, as far as the share of the generation's trials goes; ties by order. */
export function rollingOrders(input: ExperimentInput): TrialOrder[] {
  const { searchRepeats, rollingShare } = input.config.experiment;
  const benchmarks = [...input.targets, ...input.controls];
  const rounds = rollingRounds(input.children.length * searchRepeats, rollingShare);
  return [...input.reevaluate]
    .sort((a, b) => a.repeats - b.repeats)
    .slice(0, rounds)
    .flatMap(({ prompt, repeats }) => armOrders(prompt, benchmarks, repeats, 1, input));
}

/** Rounds over all benchmarks that re-evaluation gets, so that it is `share` of all the rounds of a generation. */
export function rollingRounds(childRounds: number, share: number): number {
  return Math.round((childRounds * share) / (1 - share));
}

/** More repeats for the finishers that passed most, without those that lost a control; ties keep their order. */
export function promisingOrders(
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
    .flatMap(({ child }) => armOrders(child, benchmarks, searchRepeats, promisingRepeats, input));
}

/** Success over the repeats that every child has, so that reruns of single controls do not count. */
function firstRate(own: readonly Measurement[], { config }: ExperimentInput): number {
  const last = repeatOffsetsOf("vary").search + config.experiment.searchRepeats;
  return successRate(own.filter(({ repeat }) => repeat < last));
}

function successRate(measurements: readonly Measurement[]): number {
  return measurements.filter(({ success }) => success).length / Math.max(1, measurements.length);
}

export function armOrders(
  prompt: SearchPrompt,
  benchmarks: readonly Benchmark[],
  done: number,
  repeats: number,
  input: ExperimentInput,
  arm: "baseline" | "candidate" = "candidate",
): TrialOrder[] {
  const experimentId = input.experimentId(input.generation, prompt.id);
  return ordersFor(prompt, benchmarks, {
    offset: repeatOffsetsOf("vary").search + done,
    repeats,
    arm,
    experimentId,
  });
}

/** Two more runs of each control of the block that a child failed once. */
export function rerunOrders(
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
    return armOrders(child, benchmarks, input.config.experiment.searchRepeats, 2, input);
  });
}
