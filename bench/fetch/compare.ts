/** What was measured under one load: how long, and how many microseconds each request took. */
export interface Measured {
  ms: number;
  latencies: number[];
}

/** The figures of one side, all its rounds together. */
export interface Figures {
  requests: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

export interface Comparison {
  ours: Figures;
  bare: Figures;
  /** Ours divided by bare. */
  throughputRatio: number;
  p99Ratio: number;
  isMet: boolean;
}

/** What the fetch must reach beside a handler that does nothing. */
export const target = { throughputMin: 0.9, p99Max: 1.5 };

export function figuresOf(rounds: readonly Measured[]): Figures {
  const sorted = rounds.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
  const ms = rounds.reduce((sum, round) => sum + round.ms, 0);
  const at = (share: number) =>
    (sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN) / 1_000;
  const requests = sorted.length;
  return { requests, perSecond: (requests / ms) * 1_000, p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** Pools the rounds of each side, so that a disturbance weighs as long as it lasted. */
export function compare(ours: readonly Measured[], bare: readonly Measured[]): Comparison {
  const figures = { ours: figuresOf(ours), bare: figuresOf(bare) };
  const throughputRatio = figures.ours.perSecond / figures.bare.perSecond;
  const p99Ratio = figures.ours.p99Ms / figures.bare.p99Ms;
  const isMet = throughputRatio >= target.throughputMin && p99Ratio <= target.p99Max;
  return { ...figures, throughputRatio, p99Ratio, isMet };
}
