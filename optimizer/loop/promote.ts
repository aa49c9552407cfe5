/**
 * Promote: finalists whose verdict is promote-eligible or cheaper-equal become candidates and wait for a person. The
 * best one comes first; a finalist that another one beats or equals in all three confirmed objectives is left out.
 */
import type { Verdict } from "#lib/domain/experiment.ts";
import type { RunStore } from "../ports.ts";

export interface Finalist {
  promptId: string;
  experimentId: string;
  verdict: Verdict;
}

export function chooseCandidates(finalists: readonly Finalist[]): Finalist[] {
  const eligible = finalists
    .filter(
      ({ verdict }) => verdict.kind === "promote-eligible" || verdict.kind === "cheaper-equal",
    )
    .sort((a, b) => b.verdict.difference.low - a.verdict.difference.low);
  return eligible.filter(
    (own, index) => !eligible.slice(0, index).some((better) => covers(better.verdict, own.verdict)),
  );
}

/** Hands the candidates over to the review queue. */
export async function promote(
  finalists: readonly Finalist[],
  store: RunStore,
): Promise<Finalist[]> {
  const candidates = chooseCandidates(finalists);
  await store.nominate(candidates);
  return candidates;
}

function covers(a: Verdict, b: Verdict): boolean {
  return (
    a.difference.value >= b.difference.value &&
    a.costRatio.value <= b.costRatio.value &&
    a.latencyRatio.value <= b.latencyRatio.value
  );
}
