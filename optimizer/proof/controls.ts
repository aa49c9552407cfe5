/**
 * Whether a prompt still holds the controls that today's prompt passes. A control is judged against today's own measured
 * rate by Wald's sequential test. A required control that is lost rejects the prompt; a sampled one is shown: a better
 * prompt loses some rows, and what protects the population of rows is the sealed proof.
 */
import type { ControlFacts } from "#lib/domain/experiment.ts";
import type { RepeatBehaviour } from "#lib/domain/optimization.ts";
import { sprt } from "#lib/stats/sprt.ts";

/** Above it a rate measured in a dozen runs is not known to lie: nobody is condemned for falling from 0.99 to 0.9. */
const heldRateMax = 0.9;
const heldRateMin = 0.3;
/** A control is lost when its rate fell by so much. */
const lostDrop = 0.4;
/** The chance to condemn a prompt that holds all required controls, shared among them. */
const familyAlpha = 0.03;
/** The chance to call one sampled control lost that is held: it is shown and rejects nobody. */
const sampledAlpha = 0.05;
const beta = 0.02;

export interface ControlRuns {
  benchmarkId: string;
  externalId: string;
  required: boolean;
  /** Outcomes in the order of the runs. */
  baseline: readonly boolean[];
  candidate: readonly boolean[];
}

/** Runs that a required control counts as having at `heldRateMax` before its first: it is required because it holds. */
const requiredPriorRuns = 4;

/**
 * The rate that a control is held to, within bounds: today's own, with a run of each kind added; of a required one, whose
 * owner says that it holds, drawn to 0.9 by a few runs.
 */
export function heldRate({
  baseline,
  required,
}: Pick<ControlRuns, "baseline" | "required">): number {
  const passes = baseline.filter(Boolean).length;
  const [priorPasses, priorRuns] = required
    ? [heldRateMax * requiredPriorRuns, requiredPriorRuns]
    : [1, 2];
  const rate = (passes + priorPasses) / (baseline.length + priorRuns);
  return Math.min(heldRateMax, Math.max(heldRateMin, rate));
}

/** Runs and pass rate from which today's prompt counts as holding a required row. */
const heldRunsMin = 3;
const heldPassRate = 2 / 3;

/**
 * Whether today's prompt holds a row, so that a finalist can lose it: what it passes half of the time itself is a sampled
 * control, whoever marked it. Where repeats cannot differ a single pass says so.
 */
export function isHeldToday(baseline: readonly boolean[], repeats: RepeatBehaviour): boolean {
  const passes = baseline.filter(Boolean).length;
  if (repeats === "same") return baseline.length > 0 && passes === baseline.length;
  return baseline.length >= heldRunsMin && passes >= heldPassRate * baseline.length - 1e-9;
}

/** State of one control out of `controls`; `isLast` says that it gets no further run. */
export function stateOfControl(
  { baseline, candidate, required }: Pick<ControlRuns, "baseline" | "candidate" | "required">,
  { controls, repeats, isLast }: { controls: number; repeats: RepeatBehaviour; isLast: boolean },
): ControlFacts["state"] {
  if (candidate.length === 0) return "undecided";
  // Where repeats cannot differ, one run of each says all there is.
  if (repeats === "same") {
    if (candidate.every(Boolean)) return "clear";
    return baseline.length > 0 && baseline.every(Boolean) ? "regressed" : "undecided";
  }
  const options = sprtOptions({ baseline, required }, controls);
  const state = sprt(candidate, options);
  if (state !== "undecided" || !isLast) return state;
  // The test is cut off: what leans to "held" counts as held, what leans to "lost" stays open.
  const passes = candidate.filter(Boolean).length;
  const middle = (options.heldRate + options.regressedRate) / 2;
  return passes / candidate.length >= middle ? "clear" : "undecided";
}

/** Facts of all controls after their last run. */
export function controlFacts(
  controls: readonly ControlRuns[],
  repeats: RepeatBehaviour,
): ControlFacts[] {
  return controls.map((control) => {
    const passes = control.candidate.filter(Boolean).length;
    const held = control.baseline.filter(Boolean).length;
    return {
      benchmarkId: control.benchmarkId,
      externalId: control.externalId,
      required: control.required,
      passes,
      failures: control.candidate.length - passes,
      todayRate: control.baseline.length === 0 ? 0 : held / control.baseline.length,
      state: stateOfControl(control, { controls: controls.length, repeats, isLast: true }),
    };
  });
}

/**
 * The drop of one control's pass rate, from the rate it is held to, that these runs would have called lost four times
 * in five; null without runs, or where not even a drop to 0 would show. Exact over all outcomes of that many runs.
 */
export function visibleDrop(
  controls: readonly ControlRuns[],
  repeats: RepeatBehaviour,
): number | null {
  const [first] = controls.filter(({ candidate }) => candidate.length > 0);
  if (first === undefined) return null;
  if (repeats === "same") return 1;
  const runs = Math.max(...controls.map(({ candidate }) => candidate.length));
  const held = heldRate(first);
  for (let drop = 0.05; drop <= held + 1e-9; drop += 0.05) {
    const options = sprtOptions(first, controls.length);
    if (chanceOfLoss(Math.max(0, held - drop), runs, options) >= 0.8)
      return Math.round(drop * 100) / 100;
  }
  return null;
}

function sprtOptions(
  { baseline, required }: Pick<ControlRuns, "baseline" | "required">,
  controls: number,
) {
  const held = heldRate({ baseline, required });
  return {
    heldRate: held,
    regressedRate: Math.max(0.05, held - lostDrop),
    alpha: required ? familyAlpha / Math.max(1, controls) : sampledAlpha,
    beta,
  };
}

/** Chance that the sequential test says "regressed" within so many runs at this rate: forward recursion over passes. */
function chanceOfLoss(rate: number, runs: number, options: ReturnType<typeof sprtOptions>): number {
  let open = new Map<number, number>([[0, 1]]);
  let lost = 0;
  for (let run = 1; run <= runs; run++) {
    const next = new Map<number, number>();
    for (const [passes, chance] of open) {
      for (const [passed, share] of [
        [1, rate],
        [0, 1 - rate],
      ] as const) {
        const now = passes + passed;
        const state = stateAfter(now, run - now, options);
        if (state === "regressed") lost += chance * share;
        else if (state === "undecided") next.set(now, (next.get(now) ?? 0) + chance * share);
      }
    }
    open = next;
  }
  return lost;
}

/** The test's state by its ratio alone; a path that ended earlier is no longer followed. */
function stateAfter(
  passes: number,
  failures: number,
  { heldRate: held, regressedRate, alpha, beta: miss }: ReturnType<typeof sprtOptions>,
): ControlFacts["state"] {
  const ratio =
    passes * Math.log(regressedRate / held) + failures * Math.log((1 - regressedRate) / (1 - held));
  if (ratio >= Math.log((1 - miss) / alpha)) return "regressed";
  return ratio <= Math.log(miss / (1 - alpha)) ? "clear" : "undecided";
}
