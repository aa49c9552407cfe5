/**
 * Evaluate: F(p) = (success, −cost, −latency) of each prompt and its constraint violation, as NSGA-II's survival
 * takes them. Success is discounted towards what was known before, the rate of the prompt's parents, while a benchmark
 * has few trials: one lucky run is no gain, and a good line is not drawn back to where it began. Without a success floor a
 * terse, failing prompt is cheap and fast and would fill the front; the floor and regressed controls are the constraint
 * violation.
 */
import { type Objectives, priorTrials } from "#lib/domain/objective.ts";
import { hypervolumeOf } from "#lib/pareto/objectives.ts";
import { type Measurement, type PassCount, passCounts, trialsOn } from "../measurement.ts";
import type { Individual } from "../nsga2/select.ts";
import type { IndividualRecord } from "../ports.ts";

/** What a prompt is compared with. */
export interface Yardstick {
  /** Benchmarks that count, targets and controls. */
  benchmarkIds: readonly string[];
  controlIds: readonly string[];
  /** Share of the controls that may be lost, see controlLossMax of the configuration. */
  controlLossMax: number;
  /** The incumbent's own measurements of the search, paired by repeat. */
  incumbent: readonly Measurement[];
  /** The incumbent's calibrated rate per benchmark, the prior of its own discount. */
  priorRates: ReadonlyMap<string, number>;
}

export interface ScoredPrompt {
  promptId: string;
  objectives: Objectives;
  trials: number;
  successes: number;
  constraintViolation: number;
}

const successSlack = 0.05;
/**
 * Cost and latency are ranked in steps of a tenth: a prompt that is a sentence shorter would otherwise never be
 * dominated, and half the population would be ancestors that are a percent cheaper and succeed less.
 */
const rankingStep = Math.log(1.1);

/**
 * Objectives and constraint violation of one prompt from its measurements; `rates` are its pass rates by benchmark, by
 * default its own discounted towards the incumbent's.
 */
export function scorePrompt(
  promptId: string,
  own: readonly Measurement[],
  yardstick: Yardstick,
  rates?: ReadonlyMap<string, number>,
): ScoredPrompt {
  const counts = passCounts(own);
  const { benchmarkIds, priorRates } = yardstick;
  const successRate = mean([
    ...(rates ?? discountedRates(counts, benchmarkIds, priorRates)).values(),
  ]);
  const baseline = passCounts(yardstick.incumbent);
  const floor =
    mean([...discountedRates(baseline, benchmarkIds, priorRates).values()]) - successSlack;
  const regressed = yardstick.controlIds.filter((id) =>
    isRegressed(counts.get(id), baseline.get(id)),
  ).length;
  return {
    promptId,
    objectives: {
      successRate,
      costUsd: mean(own.map((m) => m.costUsd)),
      latencyMs: mean(own.map((m) => m.latencyMs)),
    },
    trials: own.length,
    successes: own.filter((m) => m.success).length,
    constraintViolation: excessLosses(regressed, yardstick) + Math.max(0, floor - successRate),
  };
}

/** Regressed controls beyond those that may be lost. */
function excessLosses(regressed: number, { controlIds, controlLossMax }: Yardstick): number {
  return Math.max(0, regressed - Math.floor(controlIds.length * controlLossMax));
}

/**
 * In-search veto of a control: the candidate failed it at least twice, in at least two thirds of its trials, while the
 * incumbent passes it in most of its own. A control that the incumbent fails as well is flaky and vetoes nobody.
 */
export function isRegressed(own: PassCount | undefined, incumbent: PassCount | undefined): boolean {
  if (own === undefined || incumbent === undefined) return false;
  const failures = own.trials - own.passes;
  const holds = incumbent.passes * 4 >= incumbent.trials * 3;
  return holds && failures >= 2 && failures * 3 >= own.trials * 2;
}

/** Controls that failed once and need reruns before anything is concluded from them. */
export function doubtfulControls(
  own: readonly Measurement[],
  controlIds: readonly string[],
): string[] {
  const counts = passCounts(own);
  return controlIds.filter((id) => {
    const count = counts.get(id);
    return count !== undefined && count.trials < 3 && count.passes < count.trials;
  });
}

/** A scored prompt as NSGA-II ranks it, with cost and latency in steps from the incumbent's. */
export function asIndividual(
  scored: ScoredPrompt,
  incumbent: Objectives,
): Individual<ScoredPrompt> {
  const [success = 0, ...figures] = searchVector(scored.objectives);
  const [, ...today] = searchVector(incumbent);
  // Adding 0 makes a zero of the negative zero that rounding leaves.
  const steps = figures.map(
    (figure, i) => Math.round((figure - (today[i] ?? 0)) / rankingStep) + 0,
  );
  return {
    genome: scored,
    objectives: [success, ...steps],
    constraintViolation: scored.constraintViolation,
  };
}

/** Hypervolume of the feasible front against a fixed reference: success 0, twice the incumbent's cost and latency. */
export function frontHypervolume(
  individuals: readonly IndividualRecord[],
  incumbent: Objectives,
): number {
  const feasible = individuals.filter((individual) => individual.constraintViolation === 0);
  if (feasible.length === 0) return 0;
  return hypervolumeOf({
    objectives: feasible.map((individual) => searchVector(individual.objectives)),
    reference: [0, logOf(incumbent.costUsd * 2), logOf(incumbent.latencyMs * 2)],
  });
}

/** Hypervolume that the front would lose without each of these: nothing for what is not on it. */
export function hypervolumeContributions(
  individuals: readonly IndividualRecord[],
  incumbent: Objectives,
): number[] {
  const whole = frontHypervolume(individuals, incumbent);
  return individuals.map((own) => {
    const others = individuals.filter((individual) => individual !== own);
    return whole - frontHypervolume(others, incumbent);
  });
}

/** The vector that is minimised: cost and latency on a log scale, since ratios are what matters in them. */
function searchVector(objectives: Objectives): number[] {
  return [-objectives.successRate, logOf(objectives.costUsd), logOf(objectives.latencyMs)];
}

/** Pass rates by benchmark, discounted towards the prior; a benchmark without a prior is expected to fail. */
export function discountedRates(
  counts: ReadonlyMap<string, PassCount>,
  benchmarkIds: readonly string[],
  priorRates: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map(
    benchmarkIds.map((id) => {
      const { passes, trials } = counts.get(id) ?? { passes: 0, trials: 0 };
      const prior = priorRates.get(id) ?? 0;
      return [id, (passes + priorTrials * prior) / (trials + priorTrials)];
    }),
  );
}

/**
 * Pass rates by benchmark of a child that shares its parent's luck: the parent's rates, moved by the difference between the
 * two on the same repeats, which is discounted while its trials are few. Two prompts with the same outcomes are thus rated
 * the same; discounted towards the parent's rate alone, a child that did worse would pass its parent, whose own luck in
 * these repeats has been discounted and not the child's, who had the same.
 */
export function ratesBesideParent(
  child: readonly Measurement[],
  parent: { trials: readonly Measurement[]; rates: ReadonlyMap<string, number> },
): Map<string, number> {
  const benchmarkIds = [...parent.rates.keys()];
  const own = trialsOn(benchmarkIds, child);
  const others = trialsOn(benchmarkIds, parent.trials);
  return new Map(
    [...parent.rates].map(([id, rate]) => {
      const trials = own.get(id) ?? [];
      if (trials.length === 0) return [id, rate];
      const share = trials.length / (trials.length + priorTrials);
      const rival = pairedWith(trials, others.get(id) ?? []);
      const from = rival.length === 0 ? rate : successShare(rival);
      return [id, Math.min(1, Math.max(0, rate + share * (successShare(trials) - from)))];
    }),
  );
}

/** Those of the rival's trials that ran the same repeats; all of them when none did. */
function pairedWith(trials: readonly Measurement[], rival: readonly Measurement[]): Measurement[] {
  const repeats = new Set(trials.map(({ repeat }) => repeat));
  const shared = rival.filter(({ repeat }) => repeats.has(repeat));
  return shared.length > 0 ? shared : [...rival];
}

function successShare(trials: readonly Measurement[]): number {
  return mean(trials.map(({ success }) => (success ? 1 : 0)));
}

/** Free local models cost 0; a floor keeps the logarithm finite. */
export function logOf(value: number): number {
  return Math.log(Math.max(value, 1e-9));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
