/**
 * The ledger of rejected edits: what was tried in this run and did not help, with its measured effect, so that the
 * proposer does not try it again. Built from what the run has stored, so a resumed run remembers the same.
 */
import type { Estimate } from "#lib/domain/experiment.ts";
import { cosine, wordBag } from "#lib/genome/words.ts";
import { meanInterval } from "#lib/stats/mean-interval.ts";
import type { Measurement } from "../measurement.ts";
import type { Birth } from "./birth.ts";

export interface RejectedEdit {
  parentId: string;
  section: string | null;
  signature: string | null;
  intent: string;
  /** Change of the success rate against the parent, on the trials both had; null when it was never measured. */
  effect: Estimate | null;
  /** Why it was refused without being measured; null when it was measured. */
  refusal: string | null;
}

const shownMax = 10;
/** An edit made against the same failures, or in the same section, is this much nearer. */
const sameSignatureBonus = 0.5;
const sameSectionBonus = 0.25;

/** Children that were measured and lost: not better than their parent, and no longer in the population. */
export function lostEdits(
  births: readonly Birth[],
  population: ReadonlySet<string>,
  measurements: ReadonlyMap<string, readonly Measurement[]>,
): RejectedEdit[] {
  return births.flatMap(({ id, parentIds, section, signature, intent }) => {
    const parentId = parentIds[0];
    if (parentId === undefined || population.has(id)) return [];
    const effect = effectOf(measurements.get(id) ?? [], measurements.get(parentId) ?? []);
    if (effect === null || effect.value > 0) return [];
    return [{ parentId, section, signature, intent, effect, refusal: null }];
  });
}

/**
 * Mean over benchmarks of the child's success rate less the parent's, over the repeats that both ran, with a normal
 * interval over benchmarks; null when they share no trial.
 */
export function effectOf(
  child: readonly Measurement[],
  parent: readonly Measurement[],
): Estimate | null {
  const key = ({ benchmarkId, repeat }: Measurement) => `${benchmarkId}/${repeat}`;
  const before = new Map(parent.map((m) => [key(m), m.success]));
  const changes = new Map<string, number[]>();
  for (const m of child) {
    const success = before.get(key(m));
    if (success === undefined) continue;
    const own = changes.get(m.benchmarkId) ?? [];
    own.push(Number(m.success) - Number(success));
    changes.set(m.benchmarkId, own);
  }
  if (changes.size === 0) return null;
  const means = [...changes.values()].map((own) => own.reduce((a, b) => a + b, 0) / own.length);
  const sum = means.reduce((a, b) => a + b, 0);
  const sumOfSquares = means.reduce((a, b) => a + b * b, 0);
  return meanInterval({ n: means.length, sum, sumOfSquares });
}

/** The edits nearest to what is about to be tried, in one line each, nearest first; of equals the newest. */
export function nearestRejected(
  edits: readonly RejectedEdit[],
  wanted: { signature: string | null; section: string | null; text: string },
): string[] {
  const bag = wordBag(wanted.text);
  return [...edits]
    .reverse()
    .map((edit) => {
      const sameSignature = edit.signature !== null && edit.signature === wanted.signature;
      const sameSection = edit.section !== null && edit.section === wanted.section;
      const nearness =
        cosine(bag, wordBag(edit.intent)) +
        (sameSignature ? sameSignatureBonus : 0) +
        (sameSection ? sameSectionBonus : 0);
      return { edit, nearness };
    })
    .sort((a, b) => b.nearness - a.nearness)
    .slice(0, shownMax)
    .map(({ edit }) => lineOf(edit));
}

function lineOf({ intent, effect, refusal }: RejectedEdit): string {
  if (effect === null) return refusal === null ? intent : `${intent} (refused: ${refusal})`;
  const { value, low, high } = effect;
  return `${intent} (success ${signed(value)}, 95 % interval ${signed(low)} to ${signed(high)})`;
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  return Number(text) === 0 ? "±0.00" : `${value < 0 ? "−" : "+"}${text}`;
}
