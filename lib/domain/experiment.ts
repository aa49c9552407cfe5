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

/** What decided a verdict; each has a sentence of its own. */
export const verdictReasons = [
  /** The sealed rows show a gain. */
  "gain-proven",
  /** The sealed rows exclude a drop beyond the margin and show a lower cost. */
  "cheaper-proven",
  /** A required benchmark that held before fails now. */
  "required-control-lost",
  /** Whether a required benchmark still holds is not decided. */
  "required-control-open",
  /** The sealed rows show a loss. */
  "worse",
  /** The proof ended early: its remaining rows could hardly have shown a gain. */
  "futile",
  /** All rows are used, and the interval still holds zero. */
  "too-few-rows",
  /** The suite has too few groups to seal. */
  "suite-too-small",
  /** A judge that nobody certified decides the outcomes. */
  "judge-uncertified",
  /** An earlier finalist of the sequence was not proven, so this one was not tried. */
  "not-tried",
  /** Stored by version 0.1, which proved on rows that today's prompt failed. */
  "earlier-rules",
] as const;
export type VerdictReason = (typeof verdictReasons)[number];

/** Figures on one set of benchmarks, both arms. */
export interface PairedSuccess {
  baselineSuccess: Estimate;
  candidateSuccess: Estimate;
}

/** How the proof on sealed rows went: everything that its threshold depends on. */
export interface ProofFacts {
  /** Sealed benchmarks that were measured, of so many planned. */
  rows: number;
  rowsPlanned: number;
  /** Trials of both arms on them. */
  trials: number;
  /** Looks taken at the data, of so many planned. */
  looks: number;
  looksPlanned: number;
  /** Which proof against this incumbent it was, from 1, and the share of the error budget it was given. */
  ordinal: number;
  alpha: number;
  /** One-sided level at which a gain had to show, after its part for the claim of lower cost is set aside. */
  gainAlpha: number;
  /** Rows that the candidate passes more often than today's prompt, and less often. */
  won: number;
  lost: number;
  /** Smallest gain that the planned rows show with a power of 0.8, as a share of 1; null where none can. */
  smallestGain: number | null;
}

export const controlStates = ["clear", "regressed", "undecided"] as const;

export interface ControlFacts {
  benchmarkId: string;
  externalId: string;
  /** A required control rejects when it is lost; a sampled one is shown and never decides. */
  required: boolean;
  passes: number;
  failures: number;
  /** Pass rate of today's prompt on it, as far as it was measured. */
  todayRate: number;
  state: (typeof controlStates)[number];
}

/** The decision of a confirmation, with everything a person needs to doubt it. */
export interface Verdict {
  kind: VerdictKind;
  reason: VerdictReason;
  /** The decision in words, its reason first. */
  sentence: string;
  /** On the sealed rows alone: success today, and with the candidate. */
  baselineSuccess: Estimate;
  candidateSuccess: Estimate;
  /** Candidate minus baseline, paired over sealed benchmarks, in 0..1 units. */
  difference: Estimate;
  /** Two-sided confidence of the intervals of difference and ratios: what the looks and earlier proofs leave. */
  level: number;
  /** Sequential one-sided p-value: the smallest level at which a look would have shown the gain. */
  pValue: number;
  /** The same, corrected for the other finalists of the run where they were tested side by side. */
  pValueHolm: number;
  /** Candidate over baseline on the sealed rows: below 1 is cheaper or faster. */
  costRatio: Estimate;
  latencyRatio: Estimate;
  /** Largest drop of success that still counts as equal, as a share of 1. */
  margin: number;
  /** Null where no sealed row was opened. */
  proof: ProofFacts | null;
  /** The regression run on benchmarks that failed: where the search learnt, so it proves nothing. */
  targets: PairedSuccess | null;
  controls: ControlFacts[];
  /** The drop of a control's pass rate that its runs would have shown four times in five; null without controls. */
  visibleControlDrop: number | null;
  /** Not decided: how many more sealed rows would probably decide; null where no number would. */
  rowsToDecide: number | null;
  /** Plain-language cautions. */
  cautions: string[];
}
