/** What a search may spend: the rest of the run's cap belongs to the proof of its finalists, whatever it finds. */
import { confirmationTrialsOfArm, costMargin } from "#lib/optimizations/confirmation-size.ts";
import type { Calibration } from "./loop/calibrate.ts";
import { confirmationCostUsd, confirmationSize } from "./loop/plan-confirmation.ts";
import type { IndividualRecord } from "./ports.ts";
import type { RunInput } from "./run-contract.ts";
import type { RunProgress } from "./run-progress.ts";

export class SearchMoney {
  private proposalsUsd = 0;
  private spentBefore: number;

  constructor(
    private readonly input: Pick<RunInput, "config" | "incumbent">,
    private readonly calibration: Calibration,
    private readonly progress: RunProgress,
  ) {
    this.spentBefore = progress.costUsd;
  }

  /** USD of all trials of the run so far and of the search's proposals. */
  get spentUsd(): number {
    return this.progress.costUsd + this.proposalsUsd;
  }

  payProposals(costUsd: number): void {
    this.proposalsUsd += costUsd;
  }

  /** USD that the search may still spend beside the proof of this population's finalists. */
  leftUsd(population: readonly IndividualRecord[]): number {
    return this.input.config.budget.runCapUsd - this.spentUsd - this.proofUsd(population);
  }

  /** Whether one more generation like the one that ends now would leave too little to prove the finalists. */
  isNeededForTheProof(population: readonly IndividualRecord[]): boolean {
    const generationUsd = this.spentUsd - this.spentBefore;
    this.spentBefore = this.spentUsd;
    return costMargin * generationUsd > this.leftUsd(population);
  }

  /** What proving the finalists of this population would cost; of the first one, as if all cost what today's does. */
  private proofUsd(population: readonly IndividualRecord[]): number {
    const { config, incumbent } = this.input;
    const size = confirmationSize(this.calibration);
    const finalistsUsd = confirmationCostUsd(population, incumbent.id, size, config);
    if (finalistsUsd > 0) return finalistsUsd;
    const costs = this.calibration.measurements.map(({ costUsd }) => costUsd);
    const perTrialUsd = costs.reduce((sum, usd) => sum + usd, 0) / Math.max(1, costs.length);
    const arms = config.experiment.finalistsMax + 1;
    return costMargin * arms * perTrialUsd * confirmationTrialsOfArm(config, size);
  }
}
