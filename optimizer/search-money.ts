/** What a search may spend: the rest of the run's cap belongs to the proof of its finalists, whatever it finds. */
import { costMargin } from "#lib/optimizations/cost-margin.ts";
import type { StagePlan } from "#lib/optimizations/stage-plan.ts";
import { chooseFinalists } from "./loop/choose-finalists.ts";
import type { Measurement } from "./measurement.ts";
import type { IndividualRecord } from "./ports.ts";
import type { RunInput } from "./run-contract.ts";
import type { RunProgress } from "./run-progress.ts";

export class SearchMoney {
  private proposalsUsd = 0;
  private spentBefore: number;

  constructor(
    private readonly input: Pick<RunInput, "config" | "incumbent">,
    private readonly plan: StagePlan,
    private readonly known: {
      calibration: { measurements: readonly Measurement[] };
      progress: RunProgress;
    },
  ) {
    this.spentBefore = known.progress.costUsd;
  }

  /** USD of all trials of the run so far and of the search's proposals. */
  get spentUsd(): number {
    return this.known.progress.costUsd + this.proposalsUsd;
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

  /** What proving and guarding the finalists would cost, as if all cost what the most expensive of them and today's do. */
  private proofUsd(population: readonly IndividualRecord[]): number {
    const { proof, guards } = this.plan;
    const best = new Set(chooseFinalists(population, this.input.incumbent.id, proof.finalists));
    const costs = this.known.calibration.measurements.map(({ costUsd }) => costUsd);
    const todayUsd = costs.reduce((sum, usd) => sum + usd, 0) / Math.max(1, costs.length);
    const eachUsd = Math.max(
      todayUsd,
      ...population
        .filter(({ promptId }) => best.has(promptId))
        .map(({ objectives }) => objectives.costUsd),
    );
    return costMargin * eachUsd * (proof.trials + guards.trials);
  }
}
