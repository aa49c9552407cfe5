import type { OptimizationStep } from "#lib/domain/optimization.ts";
import type { FaultLog } from "./faults.ts";
import type { RunStore } from "./ports.ts";

/** Counts the trials of a run and tells the store what is under way and how much is planned. */
export class RunProgress {
  private counted = 0;
  private cost = 0;

  constructor(
    private readonly store: RunStore,
    /** What failed trials said, for the run's last words. */
    readonly faults: FaultLog,
  ) {}

  get trials(): number {
    return this.counted;
  }

  /** USD of the trials counted so far. */
  get costUsd(): number {
    return this.cost;
  }

  add(measurements: readonly { costUsd: number }[]): void {
    this.counted += measurements.length;
    this.cost += measurements.reduce((sum, measured) => sum + measured.costUsd, 0);
  }

  /** Begins a step of a generation that will take `trials` trials. */
  async begin(step: OptimizationStep, generation: number, trials = 0): Promise<void> {
    await this.store.reportProgress({ step, generation, trialsPlanned: this.counted + trials });
  }
}
