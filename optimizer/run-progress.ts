import type { OptimizationStep } from "#lib/domain/optimization.ts";
import type { FaultLog } from "./faults.ts";
import { type Measurement, trialKey } from "./measurement.ts";
import type { RunStore } from "./ports.ts";

type Counted = Pick<Measurement, "promptId" | "benchmarkId" | "repeat" | "costUsd">;

/** Counts the trials of a run and tells the store what is under way and how much is planned. */
export class RunProgress {
  /** Stages may read each other's trials: each counts once. */
  private readonly counted = new Set<string>();
  private cost = 0;

  constructor(
    private readonly store: RunStore,
    /** What failed trials said, for the run's last words. */
    readonly faults: FaultLog,
  ) {}

  get trials(): number {
    return this.counted.size;
  }

  /** USD of the trials counted so far. */
  get costUsd(): number {
    return this.cost;
  }

  add(measurements: readonly Counted[]): void {
    for (const measured of measurements) {
      const key = trialKey(measured);
      if (this.counted.has(key)) continue;
      this.counted.add(key);
      this.cost += measured.costUsd;
    }
  }

  /** Begins a step of a generation that will take `trials` trials. */
  async begin(step: OptimizationStep, generation: number, trials = 0): Promise<void> {
    await this.store.reportProgress({ step, generation, trialsPlanned: this.trials + trials });
  }
}
