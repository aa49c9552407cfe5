/**
 * Confirm: at most three finalists of the feasible front against the incumbent, both arms interleaved on fresh
 * repeats of the scored benchmarks and on the sealed holdout. Search scores play no part: the best of many is always
 * partly luck.
 */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { Verdict } from "#lib/domain/experiment.ts";
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import { settlingRepeatsMax } from "#lib/optimizations/confirmation-size.ts";
import {
  byPrompt,
  type Measured,
  type Measurement,
  measure,
  ordersFor,
  repeatOffsets,
  type StopReason,
} from "../measurement.ts";
import type {
  Evaluator,
  ExperimentRecord,
  IndividualRecord,
  RunStore,
  SearchPrompt,
  TrialOrder,
} from "../ports.ts";
import { judgeFinalists, outcomesOf, stateOfControl } from "./verdict.ts";

export interface ConfirmInput {
  config: OptimizationConfig;
  generation: number;
  incumbent: SearchPrompt;
  finalists: readonly SearchPrompt[];
  targets: readonly Benchmark[];
  controls: readonly Benchmark[];
  holdout: readonly Benchmark[];
  /** What the incumbent did in the calibration. */
  calibrated: readonly Measurement[];
  experimentId: (promptId: string) => string;
}

export interface Confirmation {
  results: { promptId: string; experimentId: string; verdict: Verdict }[];
  measurements: Measurement[];
  stopped: StopReason | null;
}

/**
 * The feasible first front, the incumbent left out: best success first, cheaper first among equals. Ties keep the
 * population's order: ids are random and must not decide.
 */
export function chooseFinalists(
  population: readonly IndividualRecord[],
  incumbentId: string,
  limit: number,
): string[] {
  return population
    .filter((individual) => individual.promptId !== incumbentId)
    .filter((individual) => individual.constraintViolation === 0 && individual.rank === 0)
    .sort(
      (a, b) =>
        b.objectives.successRate - a.objectives.successRate ||
        a.objectives.costUsd - b.objectives.costUsd,
    )
    .slice(0, limit)
    .map((individual) => individual.promptId);
}

export async function confirm(
  input: ConfirmInput,
  ports: { evaluator: Evaluator; store: RunStore },
): Promise<Confirmation> {
  const { config, incumbent, finalists } = input;
  if (finalists.length === 0) return { results: [], measurements: [], stopped: null };
  for (const finalist of finalists) await ports.store.startExperiment(recordOf(finalist, input));
  const arms = [incumbent, ...finalists];
  const confirmed = await measure(ports.evaluator, interleaved(arms, input, "confirm"));
  if (confirmed.stopped !== null)
    return { results: [], measurements: [], stopped: confirmed.stopped };
  const settled = await settleControls(confirmed.measurements, input, ports.evaluator);
  if (settled.stopped !== null) return { results: [], measurements: [], stopped: settled.stopped };
  const sealed = await measure(ports.evaluator, interleaved(arms, input, "holdout"));
  if (sealed.stopped !== null) return { results: [], measurements: [], stopped: sealed.stopped };
  const confirmGroups = byPrompt(confirmed.measurements);
  const holdoutGroups = byPrompt(sealed.measurements);
  const controlGroups = byPrompt([...confirmed.measurements, ...settled.measurements]);
  const armOf = (id: string) => ({
    confirm: confirmGroups.get(id) ?? [],
    controls: controlGroups.get(id) ?? [],
    holdout: holdoutGroups.get(id) ?? [],
  });
  const verdicts = judgeFinalists({
    seed: config.seed,
    benchmarkIds: [...input.targets, ...input.controls].map((benchmark) => benchmark.id),
    controls: input.controls.map(({ id, externalId }) => ({ id, externalId })),
    baseline: armOf(incumbent.id),
    finalists: finalists.map(({ id }) => ({ promptId: id, arm: armOf(id) })),
    calibrated: input.calibrated,
    confirmRepeats: config.experiment.confirmRepeats,
    controlLossMax: config.experiment.controlLossMax,
  });
  const results: Confirmation["results"] = [];
  for (const [index, finalist] of finalists.entries()) {
    const verdict = verdicts[index];
    if (verdict === undefined) continue;
    const experimentId = input.experimentId(finalist.id);
    await ports.store.finishExperiment(
      experimentId,
      summarise(armOf(finalist.id).confirm),
      verdict,
    );
    results.push({ promptId: finalist.id, experimentId, verdict });
  }
  return {
    results,
    measurements: [...confirmed.measurements, ...settled.measurements, ...sealed.measurements],
    stopped: null,
  };
}

/**
 * Runs controls again that the sequential test has not decided for some finalist, a repeat at a time, for that finalist
 * and the incumbent. These runs decide on controls alone: added to the success rates they would weigh benchmarks by luck.
 */
async function settleControls(
  confirmed: readonly Measurement[],
  input: ConfirmInput,
  evaluator: Evaluator,
): Promise<Measured> {
  const { finalists, controls, incumbent, config } = input;
  const measurements: Measurement[] = [];
  for (let round = 0; round < settlingRepeatsMax; round++) {
    const runs = byPrompt([...confirmed, ...measurements]);
    const open = finalists.flatMap((finalist) =>
      controls
        .filter(({ id }) => {
          const outcomes = outcomesOf(runs.get(finalist.id) ?? [], id);
          return stateOfControl(outcomes, controls.length) === "undecided";
        })
        .map((control) => ({ finalist, control })),
    );
    if (open.length === 0) break;
    const pairs = [...new Set(open.map(({ control }) => control))].map((control) => ({
      finalist: incumbent,
      control,
    }));
    const orders = [...pairs, ...open].flatMap(({ finalist, control }) =>
      ordersFor(finalist, [control], {
        offset: repeatOffsets.confirm + config.experiment.confirmRepeats + round,
        repeats: 1,
        arm: finalist.id === incumbent.id ? "baseline" : "candidate",
        experimentId: input.experimentId(
          finalist.id === incumbent.id ? (finalists[0]?.id ?? finalist.id) : finalist.id,
        ),
      }),
    );
    const again = await measure(evaluator, orders);
    measurements.push(...again.measurements);
    if (again.stopped !== null) return { measurements, stopped: again.stopped };
  }
  return { measurements, stopped: null };
}

/** Orders of both arms side by side, benchmark by benchmark, so that drift of a provider hits them alike. */
function interleaved(
  arms: readonly SearchPrompt[],
  input: ConfirmInput,
  kind: "confirm" | "holdout",
): TrialOrder[] {
  const { experiment } = input.config;
  const benchmarks = kind === "confirm" ? [...input.targets, ...input.controls] : input.holdout;
  const repeats = kind === "confirm" ? experiment.confirmRepeats : experiment.holdoutRepeats;
  const columns = arms.map((prompt) =>
    ordersFor(prompt, benchmarks, {
      offset: repeatOffsets[kind],
      repeats,
      arm: prompt.id === input.incumbent.id ? "baseline" : "candidate",
      // The incumbent's trials serve every finalist; the first one's experiment pays for them.
      experimentId: input.experimentId(
        prompt.id === input.incumbent.id ? (arms[1]?.id ?? prompt.id) : prompt.id,
      ),
    }),
  );
  return (columns[0] ?? []).flatMap((_, row) => columns.flatMap((column) => column[row] ?? []));
}

function recordOf(finalist: SearchPrompt, input: ConfirmInput): ExperimentRecord {
  return {
    id: input.experimentId(finalist.id),
    kind: "confirm",
    generation: input.generation,
    promptId: finalist.id,
    baselinePromptId: input.incumbent.id,
    benchmarkIds: [...input.targets, ...input.controls].map((benchmark) => benchmark.id),
    controlIds: input.controls.map((benchmark) => benchmark.id),
    repeats: input.config.experiment.confirmRepeats,
    repeatOffset: repeatOffsets.confirm,
  };
}

function summarise(measurements: readonly Measurement[]): Record<string, unknown> {
  return { trials: measurements.length, successes: measurements.filter((m) => m.success).length };
}
