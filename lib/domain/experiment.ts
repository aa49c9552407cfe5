export const experimentKinds = ["calibrate", "search", "confirm", "holdout", "regression"] as const;
export type ExperimentKind = (typeof experimentKinds)[number];

export const experimentStatuses = ["queued", "running", "finished", "stopped", "failed"] as const;
export type ExperimentStatus = (typeof experimentStatuses)[number];

export const verdictKinds = [
  "promote-eligible",
  "cheaper-equal",
  "inconclusive",
  "reject",
] as const;
export type VerdictKind = (typeof verdictKinds)[number];

export interface Interval {
  low: number;
  high: number;
}

export interface Estimate extends Interval {
  value: number;
  /** Number of observations behind the value. */
  n: number;
}

/** The decision of a confirmation, with everything a person needs to doubt it. */
export interface Verdict {
  kind: VerdictKind;
  /** One sentence in words. */
  sentence: string;
  baselineSuccess: Estimate;
  candidateSuccess: Estimate;
  /** Candidate minus baseline, paired over benchmarks, in 0..1 units. */
  difference: Estimate;
  /** One-sided p-value of the within-benchmark permutation test, and after Holm's correction. */
  pValue: number;
  pValueHolm: number;
  /** Candidate over baseline: below 1 is cheaper or faster. */
  costRatio: Estimate;
  latencyRatio: Estimate;
  controls: {
    benchmarkId: string;
    externalId: string;
    passes: number;
    failures: number;
    state: "clear" | "regressed" | "undecided";
  }[];
  holdout: { baselineSuccess: Estimate; candidateSuccess: Estimate; difference: Estimate } | null;
  /** When inconclusive: how many more repeats would probably decide. */
  repeatsToDecide: number | null;
  /** Plain-language cautions: few repeats, small holdout … */
  cautions: string[];
}
