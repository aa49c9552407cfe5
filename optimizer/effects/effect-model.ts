/**
 * What each edit is worth, from all trials of a run: a linear mixed model. A trial's outcome is how easy the benchmark is,
 * plus the sum of what the prompt's differences from today's prompt do, plus what is the prompt's own, plus chance. All of
 * these are normal before they are seen, so what is known after each trial is the best linear unbiased prediction
 * (Henderson 1975), kept up to date one trial at a time (Kalman 1960). So a trial of one prompt also tells of every prompt
 * that shares a line with it, and a child with three trials is judged by its parents' trials too.
 */

/** A prompt as the model sees it: traits that it has and today's prompt has not, and those that it lacks. */
export interface TraitDifference {
  gained: readonly string[];
  lost: readonly string[];
}

/** Standard deviations before any trial, in units of the success rate. */
export interface EffectPriors {
  benchmark: number;
  prompt: number;
  trial: number;
  /** Of one trait's effect. */
  traitOf: (trait: string) => number;
}

interface Term {
  index: number;
  sign: 1 | -1;
}

const benchmarkRate = 0.5;
const firstCapacity = 128;

export class EffectModel {
  private size = 0;
  private readonly free: number[] = [];
  private readonly traits = new Map<string, readonly string[]>();
  private capacity = firstCapacity;
  private means = new Float64Array(firstCapacity);
  private covariances = new Float64Array(firstCapacity * firstCapacity);
  private readonly indices = new Map<string, number>();
  private readonly terms = new Map<string, readonly Term[]>();
  private readonly benchmarks = new Map<string, number>();

  constructor(private readonly priors: EffectPriors) {}

  /** Makes a prompt known by its differences; today's prompt has none, and is what the others are compared with. */
  add(promptId: string, difference: TraitDifference): void {
    if (this.terms.has(promptId)) return;
    const traits = [...difference.gained, ...difference.lost];
    this.traits.set(promptId, traits);
    if (traits.length === 0) {
      this.terms.set(promptId, []);
      return;
    }
    const term = (trait: string, sign: 1 | -1): Term => ({
      index: this.indexOf(`trait ${trait}`, 0, this.priors.traitOf(trait)),
      sign,
    });
    this.terms.set(promptId, [
      ...difference.gained.map((trait) => term(trait, 1)),
      ...difference.lost.map((trait) => term(trait, -1)),
      { index: this.indexOf(`prompt ${promptId}`, 0, this.priors.prompt), sign: 1 },
    ]);
  }

  /** Unknowns that the model carries: each trial takes time in the square of them. */
  get unknowns(): number {
    return this.size - this.free.length;
  }

  /**
   * Forgets a prompt that will not be asked for again, and the traits that no other prompt differs in. What its trials told
   * of benchmarks and of shared traits stays: an unknown that nothing refers to is integrated out by leaving it out.
   */
  forget(promptId: string): void {
    const own = this.traits.get(promptId) ?? [];
    this.traits.delete(promptId);
    this.terms.delete(promptId);
    const held = new Set([...this.traits.values()].flat());
    this.release(`prompt ${promptId}`);
    for (const trait of own) if (!held.has(trait)) this.release(`trait ${trait}`);
  }

  /** Takes one trial; outcomes are 0 or 1. */
  observe(trial: { promptId: string; benchmarkId: string; success: boolean }): void {
    const { promptId, benchmarkId } = trial;
    const benchmark = this.indexOf(
      `benchmark ${benchmarkId}`,
      benchmarkRate,
      this.priors.benchmark,
    );
    this.benchmarks.set(benchmarkId, benchmark);
    const terms: Term[] = [{ index: benchmark, sign: 1 }, ...this.termsOf(promptId)];
    const gain = this.covariancesWith(terms);
    const variance = this.priors.trial ** 2 + sumOf(terms, gain);
    const surprise = (Number(trial.success) - sumOf(terms, this.means)) / variance;
    for (let i = 0; i < this.size; i++) {
      const own = gain[i] ?? 0;
      if (own === 0) continue;
      this.means[i] = (this.means[i] ?? 0) + own * surprise;
      const row = i * this.capacity;
      for (let j = 0; j < this.size; j++)
        this.covariances[row + j] =
          (this.covariances[row + j] ?? 0) - (own * (gain[j] ?? 0)) / variance;
    }
  }

  /** Expected success over the benchmarks that were run by anybody; 0..1. */
  rateOf(promptId: string): number {
    let total = 0;
    for (const index of this.benchmarks.values()) total += this.means[index] ?? 0;
    const easiness = this.benchmarks.size === 0 ? benchmarkRate : total / this.benchmarks.size;
    return Math.min(1, Math.max(0, easiness + this.effectOf(promptId)));
  }

  /** Expected success on one benchmark; 0..1. */
  rateOn(promptId: string, benchmarkId: string): number {
    const index = this.benchmarks.get(benchmarkId);
    const easiness = index === undefined ? benchmarkRate : (this.means[index] ?? 0);
    return Math.min(1, Math.max(0, easiness + this.effectOf(promptId)));
  }

  /** Expected difference of the success rate to today's prompt. */
  effectOf(promptId: string): number {
    return sumOf(this.termsOf(promptId), this.means);
  }

  /** How much better a prompt is than another, with the standard deviation of what is known of it. */
  difference(promptId: string, rivalId: string): { mean: number; deviation: number } {
    const terms = [
      ...this.termsOf(promptId),
      ...this.termsOf(rivalId).map(
        ({ index, sign }): Term => ({ index, sign: sign === 1 ? -1 : 1 }),
      ),
    ];
    const variance = sumOf(terms, this.covariancesWith(terms));
    return { mean: sumOf(terms, this.means), deviation: Math.sqrt(Math.max(0, variance)) };
  }

  /** What is known of one trait's effect; null when no prompt differs in it. */
  traitEffect(trait: string): { mean: number; deviation: number } | null {
    const index = this.indices.get(`trait ${trait}`);
    if (index === undefined) return null;
    const variance = this.covariances[index * this.capacity + index] ?? 0;
    return { mean: this.means[index] ?? 0, deviation: Math.sqrt(Math.max(0, variance)) };
  }

  private termsOf(promptId: string): readonly Term[] {
    return this.terms.get(promptId) ?? [];
  }

  /** Covariance of each unknown with the sum of these terms. */
  private covariancesWith(terms: readonly Term[]): Float64Array {
    const result = new Float64Array(this.size);
    for (const { index, sign } of terms) {
      const row = index * this.capacity;
      for (let j = 0; j < this.size; j++)
        result[j] = (result[j] ?? 0) + sign * (this.covariances[row + j] ?? 0);
    }
    return result;
  }

  private indexOf(name: string, mean: number, deviation: number): number {
    const known = this.indices.get(name);
    if (known !== undefined) return known;
    const reused = this.free.pop();
    if (reused === undefined && this.size === this.capacity) this.grow();
    const index = reused ?? this.size++;
    this.indices.set(name, index);
    this.means[index] = mean;
    this.covariances[index * this.capacity + index] = deviation ** 2;
    return index;
  }

  private release(name: string): void {
    const index = this.indices.get(name);
    if (index === undefined) return;
    this.indices.delete(name);
    this.means[index] = 0;
    for (let i = 0; i < this.size; i++) {
      this.covariances[index * this.capacity + i] = 0;
      this.covariances[i * this.capacity + index] = 0;
    }
    this.free.push(index);
  }

  private grow(): void {
    const before = this.capacity;
    const covariances = this.covariances;
    this.capacity = 2 * before;
    const means = new Float64Array(this.capacity);
    means.set(this.means);
    this.means = means;
    this.covariances = new Float64Array(this.capacity * this.capacity);
    for (let i = 0; i < before; i++)
      this.covariances.set(covariances.subarray(i * before, (i + 1) * before), i * this.capacity);
  }
}

function sumOf(terms: readonly Term[], values: Float64Array): number {
  return terms.reduce((sum, { index, sign }) => sum + sign * (values[index] ?? 0), 0);
}
