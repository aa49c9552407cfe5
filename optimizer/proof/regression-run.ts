/** The controls' part of the regression run: a repeat at a time for those that the sequential test has not decided. */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { ControlFacts } from "#lib/domain/experiment.ts";
import type { RepeatBehaviour } from "#lib/domain/optimization.ts";
import { secondOpinionRuns } from "#lib/optimizations/stage-plan.ts";
import type { Measurement } from "../measurement.ts";
import {
  type ControlRuns,
  controlFacts,
  isHeldToday,
  stateOfControl,
  visibleDrop,
} from "./controls.ts";

export interface ControlRunInput {
  controls: readonly Benchmark[];
  /** What today's prompt did on them before. */
  learnt: readonly Measurement[];
  repeats: RepeatBehaviour;
  runsMax: number;
  /** Runs an arm on benchmarks, so many repeats from this one; null when it was ended. */
  run: (
    arm: "baseline" | "candidate",
    benchmarks: readonly Benchmark[],
    from: number,
    repeats: number,
  ) => Promise<Measurement[] | null>;
}

/** Repeats that every control gets at once: most tests need them anyway, and places stand idle between rounds. */
const firstRuns = 3;

/** Runs the controls of one finalist until each is decided or has had its runs; null when it was ended. */
export async function runControls(
  input: ControlRunInput,
): Promise<{ facts: ControlFacts[]; visibleDrop: number | null } | null> {
  const { controls, repeats, runsMax } = input;
  const runs: ControlRuns[] = controls.map((control) => {
    const baseline = input.learnt
      .filter(({ benchmarkId }) => benchmarkId === control.id)
      .map(({ success }) => success);
    return {
      benchmarkId: control.id,
      externalId: control.externalId,
      required: control.required && isHeldToday(baseline, repeats),
      baseline,
      candidate: [],
    };
  });
  let done = 0;
  while (done < runsMax) {
    const open = controls.filter((_, i) =>
      isUndecided(runs[i], { controls: controls.length, repeats }),
    );
    if (open.length === 0) break;
    const count = done === 0 ? Math.min(firstRuns, runsMax) : 1;
    const measured = await input.run("candidate", open, done, count);
    if (measured === null) return null;
    addRuns(runs, measured, "candidate");
    done += count;
  }
  const confirmed = await secondOpinion(runs, input);
  if (!confirmed) return null;
  return { facts: controlFacts(runs, repeats), visibleDrop: visibleDrop(runs, repeats) };
}

function isUndecided(
  control: ControlRuns | undefined,
  context: { controls: number; repeats: RepeatBehaviour },
): boolean {
  if (control === undefined) return false;
  return stateOfControl(control, { ...context, isLast: false }) === "undecided";
}

/**
 * Today's prompt again on required controls that seem lost, beside the finalist: a model or tool that changed since the
 * learning would condemn everybody. What today's prompt fails now as well is not the finalist's loss.
 */
async function secondOpinion(runs: ControlRuns[], input: ControlRunInput): Promise<boolean> {
  const { controls, repeats } = input;
  if (repeats === "same") return true;
  const context = { controls: controls.length, repeats, isLast: true };
  const lost = controls.filter((_, i) => {
    const own = runs[i];
    return own?.required === true && stateOfControl(own, context) === "regressed";
  });
  if (lost.length === 0) return true;
  const measured = await input.run("baseline", lost, 0, secondOpinionRuns);
  if (measured === null) return false;
  addRuns(runs, measured, "baseline");
  return true;
}

function addRuns(
  runs: ControlRuns[],
  measured: readonly Measurement[],
  arm: "baseline" | "candidate",
): void {
  for (const [index, control] of runs.entries()) {
    const own = measured
      .filter(({ benchmarkId }) => benchmarkId === control.benchmarkId)
      .sort((a, b) => a.repeat - b.repeat)
      .map(({ success }) => success);
    runs[index] = { ...control, [arm]: [...control[arm], ...own] };
  }
}
