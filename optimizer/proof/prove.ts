/**
 * The proof of finalists on sealed rows drawn at random from the suite, both arms side by side, in a few looks
 * (group-sequential, O'Brien-Fleming bounds). Before it each finalist makes the regression run on targets and controls;
 * one that loses a required control opens no sealed row. Search scores play no part: the best of many is partly luck.
 */
import { z } from "zod";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { ControlFacts, PairedSuccess, Verdict } from "#lib/domain/experiment.ts";
import type { OptimizationConfig, RepeatBehaviour } from "#lib/domain/optimization.ts";
import { lookRows, provableGroupsMin, type StagePlan } from "#lib/optimizations/stage-plan.ts";
import { clusteredRate } from "#lib/stats/clustered-rate.ts";
import { holm } from "#lib/stats/holm.ts";
import { sealedRowsFor } from "../learning-rows.ts";
import {
  byPrompt,
  type Measurement,
  measure,
  ordersFor,
  repeatOffsetsOf,
  type StopReason,
} from "../measurement.ts";
import type { Evaluator, ExperimentRecord, OpenedProof, RunStore, SearchPrompt } from "../ports.ts";
import { runControls } from "./regression-run.ts";
import {
  isFutile,
  levelsOf,
  lookFractions,
  type SealedEvidence,
  sealedEvidence,
  sequentialPValue,
  showsGain,
} from "./sealed-evidence.ts";
import { verdictOf } from "./verdict.ts";

/** What is known of the judges whose scores decide. */
export interface JudgeStanding {
  certified: boolean;
  reason: string;
}

export interface ProofInput {
  config: OptimizationConfig;
  plan: StagePlan;
  repeats: RepeatBehaviour;
  generation: number;
  incumbent: SearchPrompt;
  /** In the order in which they are tried. */
  finalists: readonly SearchPrompt[];
  targets: readonly Benchmark[];
  controls: readonly Benchmark[];
  /** The whole suite: the proof draws from what is sealed. */
  benchmarks: readonly Benchmark[];
  sealedGroups: number;
  /** What today's prompt did on benchmarks that are not sealed. */
  learnt: readonly Measurement[];
  margin: number;
  judge: JudgeStanding | null;
  experimentId: (promptId: string) => string;
}

export interface ProvenFinalist {
  promptId: string;
  experimentId: string;
  verdict: Verdict;
}

export interface Proof {
  results: ProvenFinalist[];
  measurements: Measurement[];
  stopped: StopReason | null;
}

/** Evidence on one finalist; null parts were not measured. */
export interface FinalistEvidence {
  prompt: SearchPrompt;
  targets: PairedSuccess | null;
  controls: ControlFacts[];
  visibleControlDrop: number | null;
  sealed: { evidence: SealedEvidence; looks: number; pValue: number; shown: boolean } | null;
}

/** Chance of any false claim over all proofs against one incumbent. */
const familyAlpha = 0.05;

interface Ports {
  evaluator: Evaluator;
  store: RunStore;
}

/** Tries the finalists in their order; one after a finalist that was not proven is not tried. */
export async function prove(input: ProofInput, ports: Ports): Promise<Proof> {
  if (input.finalists.length === 0) return { results: [], measurements: [], stopped: null };
  const run = new ProofRun(input, ports);
  const found = await run.evidence();
  if (found === null) return { results: [], measurements: run.measurements, stopped: run.stopped };
  const results = await run.decide(found);
  return { results, measurements: run.measurements, stopped: null };
}

const chosenRows = z.object({ rows: z.array(z.string()) });

class ProofRun {
  readonly measurements: Measurement[] = [];
  stopped: StopReason | null = null;
  private opened: OpenedProof | null = null;
  private rows: readonly Benchmark[] | null = null;

  constructor(
    private readonly input: ProofInput,
    private readonly ports: Ports,
  ) {}

  private get isProvable(): boolean {
    return this.input.sealedGroups >= provableGroupsMin;
  }

  /** Several prompts of people are tested side by side; finalists of a search one after another. */
  private get isSideBySide(): boolean {
    return this.input.config.prove.length > 0;
  }

  async evidence(): Promise<FinalistEvidence[] | null> {
    const found: FinalistEvidence[] = [];
    let isOpen: boolean = true;
    for (const prompt of this.input.finalists) {
      const guards = await this.regressionRun(prompt);
      if (guards === null) return null;
      const lostRequired = guards.controls.some(
        ({ required, state }) => required && state === "regressed",
      );
      const isNext: boolean = !lostRequired && (isOpen || this.isSideBySide);
      const rows: readonly Benchmark[] = isNext ? await this.sealedRows() : [];
      await this.ports.store.startExperiment(this.recordOf(prompt, rows));
      const tries: boolean = rows.length > 0;
      const sealed: FinalistEvidence["sealed"] = tries ? await this.looks(prompt) : null;
      if (this.stopped !== null) return null;
      if (tries) isOpen = sealed?.shown === true;
      found.push({ prompt, ...guards, sealed });
    }
    return found;
  }

  /**
   * The sealed rows of this proof, drawn when the first finalist may open them: one that nobody opens spends nothing of the
   * ledger, and neither does a suite too small to prove anything.
   */
  private async sealedRows(): Promise<readonly Benchmark[]> {
    if (this.rows !== null) return this.rows;
    const { config, benchmarks, plan, incumbent } = this.input;
    const { store } = this.ports;
    if (this.isProvable) this.opened = await store.openProof(incumbent.id);
    const stored = chosenRows.safeParse(await store.readStep(0, "proof"));
    if (stored.success) {
      const byId = new Map(benchmarks.map((benchmark) => [benchmark.id, benchmark]));
      this.rows = stored.data.rows.flatMap((id) => byId.get(id) ?? []);
      return this.rows;
    }
    const uses = this.opened?.uses ?? new Map<string, number>();
    this.rows = sealedRowsFor(benchmarks, { rows: plan.proof.rows, seed: config.seed, uses });
    // Other proofs may close while this one is down: a resumed run goes on with the rows it drew.
    await store.writeStep(0, "proof", { rows: this.rows.map(({ id }) => id) });
    return this.rows;
  }

  async decide(found: readonly FinalistEvidence[]): Promise<ProvenFinalist[]> {
    const { input, ports } = this;
    const tested = found.flatMap(({ sealed }) => (sealed === null ? [] : [sealed.pValue]));
    const corrected = this.isSideBySide ? holm(tested) : tested;
    let next = 0;
    const results: ProvenFinalist[] = [];
    for (const evidence of found) {
      const pValueHolm = evidence.sealed === null ? 1 : (corrected[next++] ?? 1);
      const verdict = verdictOf(evidence, {
        ordinal: this.opened?.ordinal ?? null,
        alpha: this.alpha,
        plan: { ...input.plan.proof, rows: this.drawn.length },
        pValueHolm,
        sideBySide: this.isSideBySide ? input.finalists.length : 1,
        sealedGroups: input.sealedGroups,
        margin: input.margin,
        judge: input.judge,
      });
      const experimentId = input.experimentId(evidence.prompt.id);
      const own = this.measurements.filter(({ promptId }) => promptId === evidence.prompt.id);
      const successes = own.filter(({ success }) => success).length;
      await ports.store.finishExperiment(experimentId, { trials: own.length, successes }, verdict);
      results.push({ promptId: evidence.prompt.id, experimentId, verdict });
    }
    if (this.opened !== null) {
      const measured = new Set(this.measurements.map(({ benchmarkId }) => benchmarkId));
      const groups = this.drawn.filter(({ id }) => measured.has(id)).map(({ group }) => group);
      const claimed = results.some(
        ({ verdict: { kind } }) => kind === "promote-eligible" || kind === "cheaper-equal",
      );
      await ports.store.closeProof(input.incumbent.id, { groups, claimed });
    }
    return results;
  }

  private get drawn(): readonly Benchmark[] {
    return this.rows ?? [];
  }

  private get alpha(): number {
    return this.opened?.alpha ?? familyAlpha;
  }

  /** Targets once, controls until they are decided; null when a cap or a person ended it. */
  private async regressionRun(
    prompt: SearchPrompt,
  ): Promise<Pick<FinalistEvidence, "targets" | "controls" | "visibleControlDrop"> | null> {
    const { input } = this;
    const { targets, incumbent, repeats, learnt } = input;
    const onTargets = await this.measure(
      (repeats === "same" ? [prompt] : [incumbent, prompt]).map((arm) => ({
        arm,
        benchmarks: targets,
        from: 0,
        repeats: 1,
      })),
    );
    if (onTargets === null) return null;
    const arms = byPrompt(onTargets);
    const ids = new Set(targets.map(({ id }) => id));
    const today =
      repeats === "same"
        ? learnt.filter(({ benchmarkId }) => ids.has(benchmarkId))
        : (arms.get(incumbent.id) ?? []);
    const controls = await runControls({
      controls: input.controls,
      learnt,
      repeats,
      runsMax: input.plan.guards.controlRunsMax,
      run: (arm, benchmarks, from, count) =>
        this.measure([
          { arm: arm === "baseline" ? incumbent : prompt, benchmarks, from, repeats: count },
        ]),
    });
    if (controls === null) return null;
    return {
      targets:
        targets.length === 0
          ? null
          : {
              baselineSuccess: rateOf(today),
              candidateSuccess: rateOf(arms.get(prompt.id) ?? []),
            },
      controls: controls.facts,
      visibleControlDrop: controls.visibleDrop,
    };
  }

  /** Look after look at one finalist, until a gain shows, none can be expected any more, or all rows are used. */
  private async looks(prompt: SearchPrompt): Promise<FinalistEvidence["sealed"]> {
    const { incumbent, plan, finalists, margin } = this.input;
    const fractions = lookFractions({ ...plan.proof, rows: this.drawn.length });
    const sizes = lookRows(this.drawn.length, plan.proof.looks);
    const side = this.isSideBySide ? finalists.length : 1;
    // Beside others a gain ends the looks early only where it survives Holm's strictest step.
    const levels = levelsOf(this.alpha / side);
    const zs: number[] = [];
    let measured = 0;
    for (const [look, size] of sizes.entries()) {
      const batch = this.drawn.slice(measured, size);
      measured = size;
      const orders = await this.measure(
        [incumbent, prompt].map((arm) => ({
          arm,
          benchmarks: batch,
          from: 0,
          repeats: plan.proof.repeats,
        })),
        true,
      );
      if (orders === null) return null;
      const arms = byPrompt(this.measurements);
      const ids = this.drawn.slice(0, size).map(({ id }) => id);
      const evidence = sealedEvidence(
        {
          baseline: this.onSealed(arms.get(incumbent.id) ?? []),
          candidate: this.onSealed(arms.get(prompt.id) ?? []),
        },
        { benchmarkIds: ids, fractions, look, levels },
      );
      zs.push(evidence.z);
      const shown = showsGain(evidence, { fractions, look, levels });
      const isLast = look === sizes.length - 1;
      if (shown || isLast || isFutile(evidence, { fractions, look, levels, margin }))
        return {
          evidence,
          looks: look + 1,
          pValue: sequentialPValue(zs, fractions),
          shown,
        };
    }
    return null;
  }

  private onSealed(measurements: readonly Measurement[]): Measurement[] {
    const ids = new Set(this.drawn.map(({ id }) => id));
    return measurements.filter(({ benchmarkId }) => ids.has(benchmarkId));
  }

  /** Orders of several arms side by side, so that drift of a provider hits them alike; each trial counts once. */
  private async measure(
    parts: readonly {
      arm: SearchPrompt;
      benchmarks: readonly Benchmark[];
      from: number;
      repeats: number;
    }[],
    interleave = false,
  ): Promise<Measurement[] | null> {
    const { input } = this;
    const offset = repeatOffsetsOf(input.repeats).proof;
    const columns = parts.map(({ arm, benchmarks, from, repeats }) =>
      ordersFor(arm, benchmarks, {
        offset: offset + from,
        repeats,
        arm: arm.id === input.incumbent.id ? "baseline" : "candidate",
        // Today's trials serve every finalist; the first one's experiment pays for them.
        experimentId: input.experimentId(
          arm.id === input.incumbent.id ? (input.finalists[0]?.id ?? arm.id) : arm.id,
        ),
      }),
    );
    const orders = interleave
      ? (columns[0] ?? []).flatMap((_, row) => columns.flatMap((column) => column[row] ?? []))
      : columns.flat();
    const { measurements, stopped } = await measure(this.ports.evaluator, orders);
    const known = new Set(this.measurements.map(keyOf));
    this.measurements.push(...measurements.filter((one) => !known.has(keyOf(one))));
    if (stopped === null) return measurements;
    this.stopped = stopped;
    return null;
  }

  private recordOf(finalist: SearchPrompt, rows: readonly Benchmark[]): ExperimentRecord {
    const { input } = this;
    const ids = (benchmarks: readonly Benchmark[]) => benchmarks.map(({ id }) => id);
    return {
      id: input.experimentId(finalist.id),
      kind: "confirm",
      generation: input.generation,
      promptId: finalist.id,
      baselinePromptId: input.incumbent.id,
      benchmarkIds: [...ids(input.targets), ...ids(input.controls), ...ids(rows)],
      controlIds: ids(input.controls),
      sealedIds: ids(rows),
      repeats: Math.max(input.plan.proof.repeats, input.plan.guards.controlRunsMax),
      repeatOffset: repeatOffsetsOf(input.repeats).proof,
    };
  }
}

function keyOf({ promptId, benchmarkId, repeat }: Measurement): string {
  return `${promptId}/${benchmarkId}/${repeat}`;
}

function rateOf(measurements: readonly Measurement[]) {
  const outcomes = new Map<string, number[]>();
  for (const { benchmarkId, success } of measurements)
    outcomes.set(benchmarkId, [...(outcomes.get(benchmarkId) ?? []), success ? 1 : 0]);
  return clusteredRate([...outcomes.values()]);
}
