import { z } from "zod";
import type { Experiment } from "#lib/db/experiments.ts";
import type { Optimization } from "#lib/db/optimizations.ts";
import type { GenerationShape, OptimizationDetail } from "../shapes/optimization.ts";
import { bestSuccess } from "./best-success.ts";

export interface StepRecord {
  generation: number;
  step: string;
  output: unknown;
  at: Date;
}

type LogLine = OptimizationDetail["log"][number];

const calibrateStep = z.object({
  targets: z.array(z.string()),
  controls: z.array(z.string()),
});
const hypothesizeStep = z.object({ insights: z.array(z.unknown()) });
const mutateStep = z.object({ childIds: z.array(z.string()), refused: z.array(z.unknown()) });

/** The history of a run in words, oldest first, from what its steps stored. */
export function writeLog(source: {
  run: Optimization;
  steps: readonly StepRecord[];
  generations: readonly GenerationShape[];
  experiments: readonly Experiment[];
}): LogLine[] {
  const { run, steps, generations, experiments } = source;
  const lines = [
    ...startAndEnd(run),
    ...steps.flatMap(stepLine),
    ...generations.flatMap((generation) => generationLine(generation, experiments)),
    ...experiments.flatMap(verdictLine),
  ];
  return lines.sort((a, b) => a.at.localeCompare(b.at));
}

function startAndEnd(run: Optimization): LogLine[] {
  const lines = [line(run.createdAt, 0, "queued", `Queued by ${run.createdBy} (${run.trigger}).`)];
  if (run.startedAt !== null)
    lines.push(line(run.startedAt, 0, "started", `Started with seed ${run.seed}.`));
  if (run.finishedAt !== null)
    lines.push(line(run.finishedAt, run.generation, run.state, run.outcome ?? "Ended."));
  return lines;
}

function stepLine({ at, generation, step, output }: StepRecord): LogLine[] {
  if (step === "calibrate") {
    const { targets, controls } = calibrateStep.parse(output);
    const text = `Calibrated the present prompt: ${targets.length} failing benchmarks to improve, ${controls.length} passing ones as controls.`;
    return [line(at, generation, step, text)];
  }
  if (step === "hypothesize") {
    const { insights } = hypothesizeStep.parse(output);
    return [line(at, generation, step, `Found ${count(insights.length, "cause")} of failure.`)];
  }
  if (step === "mutate") {
    const { childIds, refused } = mutateStep.parse(output);
    const guards =
      refused.length === 0 ? "" : ` ${refused.length} more were refused by the guards.`;
    return [line(at, generation, step, `Made ${count(childIds.length, "new prompt")}.${guards}`)];
  }
  return [];
}

function generationLine(
  { number, individuals }: GenerationShape,
  experiments: readonly Experiment[],
): LogLine[] {
  const measured = experiments.filter(
    ({ kind, generation, finishedAt }) =>
      kind === "search" && generation === number && finishedAt !== null,
  );
  const at = measured.reduce<Date | null>(
    (latest, { finishedAt }) =>
      finishedAt !== null && (latest === null || finishedAt > latest) ? finishedAt : latest,
    null,
  );
  if (at === null) return [];
  const front = individuals.filter(({ rank }) => rank === 0);
  const text = `Ranked ${count(individuals.length, "prompt")}: ${front.length} on the front, best estimate of success ${Math.round(bestSuccess(individuals) * 100)} %.`;
  return [line(at, number, "evaluate", text)];
}

function verdictLine({ kind, generation, finishedAt, verdict }: Experiment): LogLine[] {
  if (kind !== "confirm" || finishedAt === null || verdict === null) return [];
  return [line(finishedAt, generation ?? 0, "confirm", verdict.sentence)];
}

function line(at: Date, generation: number, step: string, text: string): LogLine {
  return { at: at.toISOString(), generation, step, text };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
