/** A verdict in few words, the same on every page, in the report and on the command line. */
import type { Verdict, VerdictKind, VerdictReason } from "./experiment.ts";

/** What was decided. */
export const verdictKindWords: Readonly<Record<VerdictKind, string>> = {
  "promote-eligible": "Proven better",
  "cheaper-equal": "As good and cheaper",
  inconclusive: "Not decided",
  reject: "Rejected",
};

/** What decided it. */
export const verdictReasonWords: Readonly<Record<VerdictReason, string>> = {
  "gain-proven": "The gain shows on sealed rows drawn at random",
  "cheaper-proven": "No drop beyond the margin, and a lower cost",
  "required-control-lost": "It fails a required benchmark that today's prompt passes",
  "required-control-open": "Whether a required benchmark still holds did not show",
  worse: "It does worse than today's prompt on sealed rows",
  futile: "Ended early: the remaining rows could hardly have shown a gain",
  "too-few-rows": "The sealed rows neither show a gain nor exclude one",
  "suite-too-small": "The suite has too few sealed rows to prove anything",
  "judge-uncertified": "A judge that nobody has certified scores the answers",
  "not-tried": "The finalist before it was not proven, so its turn did not come",
  "earlier-rules": "Decided by version 0.1, on rows chosen because today's prompt failed them",
};

/** Whether the verdict's figures stand for the population of rows: they were measured on sealed rows. */
function restsOnSealedRows({ proof }: { proof: unknown }): boolean {
  return proof !== null;
}

/**
 * The figures that a verdict without sealed rows still has, of rows that were chosen: they prove nothing. Null where none
 * were measured.
 */
export function chosenRowFigures(verdict: Pick<Verdict, "proof" | "targets">): Verdict["targets"] {
  const { targets } = verdict;
  if (restsOnSealedRows(verdict) || targets === null) return null;
  return targets.candidateSuccess.n === 0 ? null : targets;
}

/** `first`, `second`, `third`; from the sixth on `number 6`. */
export function ordinalWords(n: number): string {
  return ["first", "second", "third", "fourth", "fifth"][n - 1] ?? `number ${n}`;
}
