/** Counts the trials that a search orders, so that they never exceed what the run has for it, whatever runs at once. */
export class TrialBudget {
  private taken = 0;

  constructor(private readonly trialsMax: number) {}

  get ordered(): number {
    return this.taken;
  }

  get left(): number {
    return this.trialsMax - this.taken;
  }

  get usedShare(): number {
    return this.trialsMax === 0 ? 1 : this.taken / this.trialsMax;
  }

  take(trials: number): void {
    this.taken += trials;
  }
}
