/**
 * The verdict on a finalist, from fresh repeats only: a within-benchmark permutation test with Holm's correction for
 * the number of finalists, Wald's sequential test per control, paired bootstrap intervals for the differences and
 * ratios, and a sealed holdout. "Inconclusive" is a verdict and says what would decide.
 */
import type { Estimate, Interval, Verdict, VerdictKind } from "#lib/domain/experiment.ts";
import { draw } from "#lib/random.ts";
import { pairedDifferenceInterval, pairedRatioInterval } from "#lib/stats/bootstrap.ts";
import { holm } from "#lib/stats/holm.ts";
import { pairedPermutationTest } from "#lib/stats/permutation.ts";
import { type SprtState, sprt } from "#lib/stats/sprt.ts";
import { wilsonInterval } from "#lib/stats/wilson.ts";
import type { Measurement } from "../measurement.ts";
import { controlDrift } from "./drift.ts";
import { repeatsToDecide } from "./repeats-to-decide.ts";

export interface ConfirmedArm {
  confirm: readonly Measurement[];
  /** Every run of a control in its order, those among them that the sequential test asked for in addition. */
  controls: readonly Measurement[];
  holdout: readonly Measurement[];
}

export interface VerdictInput {
  seed: number;
  benchmarkIds: readonly string[];
  controls: readonly { id: string; externalId: string }[];
  baseline: ConfirmedArm;
  finalists: readonly { promptId: string; arm: ConfirmedArm }[];
  /** What today's prompt did when its controls were chosen. */
  calibrated: readonly Measurement[];
  confirmRepeats: number;
  /** Share of the controls that a better prompt may lose. */
  controlLossMax: number;
}

const alpha = 0.05;
const nonInferiority = -0.05;
const resamples = 1_000;

/** One verdict a finalist, in their order. */
export function judgeFinalists(input: VerdictInput): Verdict[] {
  const pValues = input.finalists.map(({ arm }, index) =>
    pairedPermutationTest(pairRates(input.baseline.confirm, arm.confirm, input.benchmarkIds), {
      draws: draw(input.seed, "permutation", index),
    }),
  );
  const corrected = holm(pValues);
  return input.finalists.map((finalist, index) =>
    judge(
      finalist,
      index,
      { pValue: pValues[index] ?? 1, pValueHolm: corrected[index] ?? 1 },
      input,
    ),
  );
}

function judge(
  { arm }: VerdictInput["finalists"][number],
  index: number,
  p: { pValue: number; pValueHolm: number },
  input: VerdictInput,
): Verdict {
  const { baseline, benchmarkIds, seed } = input;
  const facts = {
    ...p,
    baselineSuccess: successEstimate(baseline.confirm),
    candidateSuccess: successEstimate(arm.confirm),
    difference: difference(
      baseline.confirm,
      arm.confirm,
      benchmarkIds,
      draw(seed, "difference", index),
    ),
    costRatio: ratio(
      baseline.confirm,
      arm.confirm,
      benchmarkIds,
      "costUsd",
      draw(seed, "cost", index),
    ),
    latencyRatio: ratio(
      baseline.confirm,
      arm.confirm,
      benchmarkIds,
      "latencyMs",
      draw(seed, "latency", index),
    ),
    controls: input.controls.map((control) =>
      controlState(control, baseline.controls, arm.controls, input.controls.length),
    ),
    holdout: holdoutOf(baseline.holdout, arm.holdout, draw(seed, "holdout", index)),
  };
  const kind = verdictKind(facts, {
    mayLose: Math.floor(input.controls.length * input.controlLossMax),
    open: openControls(facts.controls, baseline.controls),
  });
  return {
    ...facts,
    kind,
    sentence: sentenceOf(kind, facts),
    repeatsToDecide: kind === "inconclusive" ? moreRepeats(facts, arm, input) : null,
    cautions: [...cautionsOf(facts), ...driftCautions(input)],
  };
}

type Facts = Omit<Verdict, "kind" | "sentence" | "repeatsToDecide" | "cautions">;

function verdictKind(facts: Facts, controls: { mayLose: number; open: number }): VerdictKind {
  const lost = facts.controls.filter(({ state }) => state === "regressed").length;
  const regressed = lost > controls.mayLose;
  const unclear = lost + controls.open > controls.mayLose;
  const holdoutWorse = facts.holdout !== null && facts.holdout.difference.value < nonInferiority;
  if (regressed || facts.difference.high < 0) return "reject";
  // What may have been lost is not promoted: a control says so by passing, not by failing to fail.
  if (unclear) return holdoutWorse ? "reject" : "inconclusive";
  if (facts.pValueHolm <= alpha && facts.difference.low > 0 && !holdoutWorse)
    return "promote-eligible";
  if (facts.difference.low >= nonInferiority && facts.costRatio.high < 1 && !holdoutWorse)
    return "cheaper-equal";
  return holdoutWorse ? "reject" : "inconclusive";
}

/** A control says something only where the incumbent holds it in the same repeats; else it stays undecided. */
function controlState(
  control: { id: string; externalId: string },
  baseline: readonly Measurement[],
  own: readonly Measurement[],
  controls: number,
): Verdict["controls"][number] {
  const outcomes = outcomesOf(own, control.id);
  const passes = outcomes.filter(Boolean).length;
  const state = stateOfControl(outcomes, controls);
  const holdsToday = stateOfControl(outcomesOf(baseline, control.id), controls) !== "regressed";
  return {
    benchmarkId: control.id,
    externalId: control.externalId,
    passes,
    failures: outcomes.length - passes,
    state: state === "regressed" && !holdsToday ? "undecided" : state,
  };
}

/** Controls that might be lost for all we know; one that today's prompt loses as well cannot be. */
function openControls(controls: Verdict["controls"], baseline: readonly Measurement[]): number {
  return controls.filter(({ benchmarkId, state }) => {
    if (state !== "undecided") return false;
    return stateOfControl(outcomesOf(baseline, benchmarkId), controls.length) !== "regressed";
  }).length;
}

/**
 * The sequential test of one control out of so many. The chance to condemn a prompt that holds them all is shared
 * among them, down to 1 % each: five tests at 5 % would condemn every ninth harmless prompt at a pass rate of 0.95.
 */
export function stateOfControl(outcomes: readonly boolean[], controls: number): SprtState {
  return sprt(outcomes, { alpha: Math.max(0.01, alpha / Math.max(1, controls)) });
}

/** Passes and failures on one benchmark, in the order of its runs. */
export function outcomesOf(arm: readonly Measurement[], benchmarkId: string): boolean[] {
  return arm.filter((m) => m.benchmarkId === benchmarkId).map((m) => m.success);
}

function holdoutOf(
  baseline: readonly Measurement[],
  own: readonly Measurement[],
  draws: ReturnType<typeof draw>,
) {
  if (own.length === 0 || baseline.length === 0) return null;
  const ids = [...new Set(own.map((m) => m.benchmarkId))];
  return {
    baselineSuccess: successEstimate(baseline),
    candidateSuccess: successEstimate(own),
    difference: difference(baseline, own, ids, draws),
  };
}

function successEstimate(measurements: readonly Measurement[]): Estimate {
  const n = measurements.length;
  const successes = measurements.filter((m) => m.success).length;
  const interval = n === 0 ? { low: 0, high: 1 } : wilsonInterval(successes, n);
  return { value: n === 0 ? 0 : successes / n, n, low: interval.low, high: interval.high };
}

/** Outcomes by benchmark for both arms: the unit of pairing. */
function pairRates(
  baseline: readonly Measurement[],
  own: readonly Measurement[],
  ids: readonly string[],
) {
  const outcomes = (measurements: readonly Measurement[], id: string) =>
    measurements.filter((m) => m.benchmarkId === id).map((m) => (m.success ? 1 : 0));
  return ids
    .map((id) => ({ baseline: outcomes(baseline, id), candidate: outcomes(own, id) }))
    .filter((pair) => pair.baseline.length > 0 && pair.candidate.length > 0);
}

function difference(
  baseline: readonly Measurement[],
  own: readonly Measurement[],
  ids: readonly string[],
  draws: ReturnType<typeof draw>,
): Estimate {
  return pairedDifferenceInterval(pairRates(baseline, own, ids), { draws, resamples });
}

function ratio(
  baseline: readonly Measurement[],
  own: readonly Measurement[],
  ids: readonly string[],
  field: "costUsd" | "latencyMs",
  draws: ReturnType<typeof draw>,
): Estimate {
  const values = (measurements: readonly Measurement[], id: string) =>
    measurements.filter((m) => m.benchmarkId === id).map((m) => m[field]);
  const pairs = ids.map((id) => ({ baseline: values(baseline, id), candidate: values(own, id) }));
  return pairedRatioInterval(pairs, { draws, resamples });
}

/**
 * More repeats that would decide: against zero, or against the bound of non-inferiority where the finalist is cheaper,
 * whichever is sooner.
 */
function moreRepeats(facts: Facts, arm: ConfirmedArm, input: VerdictInput): number | null {
  const pairs = pairRates(input.baseline.confirm, arm.confirm, input.benchmarkIds);
  const bounds = facts.costRatio.high < 1 ? [0, nonInferiority] : [0];
  const needed = bounds
    .map((bound) => repeatsToDecide(pairs, { repeats: input.confirmRepeats, bound }))
    .filter((more) => more !== null);
  return needed.length === 0 ? null : Math.min(...needed);
}

function sentenceOf(kind: VerdictKind, facts: Facts): string {
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  const points = ({ low, high }: Interval) => `${signed(low)} to ${signed(high)} points`;
  const numbers = `${percent(facts.baselineSuccess.value)} → ${percent(facts.candidateSuccess.value)}, interval of the difference ${points(facts.difference)}; ${controlWords(facts.controls)}; ${ratioWords(facts.costRatio, "dearer", "cheaper")}, ${ratioWords(facts.latencyRatio, "slower", "faster")}`;
  switch (kind) {
    case "promote-eligible":
      return `Better on these benchmarks: ${numbers}.`;
    case "cheaper-equal":
      return `As good and cheaper: ${numbers}.`;
    case "inconclusive":
      return `Not decided: ${numbers}.`;
    case "reject":
      return `Not better: ${numbers}.`;
  }
}

/** Clear, regressed and undecided add up to all: an undecided control has not held. */
function controlWords(controls: Verdict["controls"]): string {
  if (controls.length === 0) return "no controls";
  const count = (state: Verdict["controls"][number]["state"]) =>
    controls.filter((control) => control.state === state).length;
  const undecided = count("undecided");
  const parts = [`${count("clear")} of ${controls.length} controls hold`];
  if (count("regressed") > 0) parts.push(`${count("regressed")} regressed`);
  if (undecided > 0) parts.push(`${undecided} ${undecided === 1 ? "is" : "are"} not yet decided`);
  return parts.join(", ");
}

function signed(value: number): string {
  const points = Math.round(value * 100);
  return points >= 0 ? `+${points}` : `−${-points}`;
}

function ratioWords(estimate: Estimate, more: string, less: string): string {
  if (estimate.low <= 1 && estimate.high >= 1) return `not clearly ${more} or ${less}`;
  const percent = Math.round(Math.abs(estimate.value - 1) * 100);
  return `${percent} % ${estimate.value > 1 ? more : less}`;
}

/** The arms ran side by side, so their difference stands; what no longer holds is what was known before. */
function driftCautions({ calibrated, baseline, controls }: VerdictInput): string[] {
  const ids = new Set(controls.map(({ id }) => id));
  const drift = controlDrift(calibrated, baseline.confirm, ids);
  if (drift === null) return [];
  const percent = (rate: number) => `${Math.round(rate * 100)} %`;
  return [
    `Today's prompt passed ${percent(drift.now)} of its control runs, ${percent(drift.before)} when it was calibrated: the model or its tools have changed. Calibrate again before relying on this.`,
  ];
}

function cautionsOf(facts: Facts): string[] {
  const cautions: string[] = [];
  if (facts.holdout === null)
    cautions.push("There is no holdout: the result holds for these benchmarks only.");
  else if (facts.holdout.candidateSuccess.n < 30) {
    cautions.push(`The holdout is small (n = ${facts.holdout.candidateSuccess.n}).`);
  }
  const lost = facts.controls.filter((control) => control.state === "regressed");
  if (lost.length > 0)
    cautions.push(
      `Controls that it loses: ${lost.map((control) => control.externalId).join(", ")}.`,
    );
  const undecided = facts.controls.filter((control) => control.state === "undecided").length;
  if (undecided > 0)
    cautions.push(`${undecided} of ${facts.controls.length} controls are not yet decided.`);
  if (facts.controls.length === 0)
    cautions.push("No benchmark passed often enough to serve as a control.");
  if (facts.costRatio.low > 1) cautions.push("It costs more per run than today's prompt.");
  if (facts.latencyRatio.low > 1) cautions.push("It takes longer per run than today's prompt.");
  return cautions;
}
