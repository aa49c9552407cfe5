/**
 * Exact power of the group-sequential sign-flip test with one observation an arm and row: a row passes only with the
 * candidate, only with the baseline, or does not differ, and the chance of every pair of counts is carried from row to
 * row. It costs rows³ steps, so it is for at most some hundred rows; beyond, the normal model is close.
 */
import { normalCdf } from "./normal.ts";

export interface FlipModel {
  /** Chance that a row passes only with the candidate. */
  win: number;
  /** Chance that a row passes only with the baseline. */
  loss: number;
  /** Number of rows at each look, ascending. */
  looks: readonly number[];
  /** Bound of z at each look: a look rejects when the exact p-value is at most P(Z ≥ bound). */
  bounds: readonly number[];
}

const negligible = 1e-100;

/** Chance to reject at any look, 0..1. */
export function flipPower({ win, loss, looks, bounds }: FlipModel): number {
  const rows = looks.at(-1) ?? 0;
  const width = rows + 1;
  /** Chance of each pair of counts among the paths that have not been rejected. */
  const chance = new Float64Array(width * width);
  chance[0] = 1;
  let power = 0;
  let row = 0;
  for (const [look, until] of looks.entries()) {
    for (; row < until; row++) addRow(chance, { win, loss, row, width });
    const needed = winsNeeded(until, normalCdf(-(bounds[look] ?? Number.POSITIVE_INFINITY)));
    for (let discordant = 0; discordant <= until; discordant++) {
      for (let wins = needed[discordant] ?? width; wins <= discordant; wins++) {
        const at = wins * width + discordant - wins;
        power += chance[at] ?? 0;
        chance[at] = 0;
      }
    }
  }
  return Math.min(1, power);
}

/** From the most counts to the fewest, so that one table is enough. */
function addRow(
  chance: Float64Array,
  { win, loss, row, width }: { win: number; loss: number; row: number; width: number },
): void {
  const same = 1 - win - loss;
  for (let wins = row + 1; wins >= 0; wins--)
    for (let losses = row + 1 - wins; losses >= 0; losses--) {
      const at = wins * width + losses;
      let sum = same * (chance[at] ?? 0);
      if (wins > 0) sum += win * (chance[at - width] ?? 0);
      if (losses > 0) sum += loss * (chance[at - 1] ?? 0);
      // Numbers near the end of the range of a double are a hundred times slower, and change nothing.
      chance[at] = sum < negligible ? 0 : sum;
    }
}

/** By number of rows that differ: the fewest wins with an exact McNemar p-value of at most `level`. */
function winsNeeded(rows: number, level: number): number[] {
  return Array.from({ length: rows + 1 }, (_, discordant) => {
    let weight = 2 ** -discordant;
    let tail = 0;
    let losses = 0;
    for (; losses <= discordant; losses++) {
      tail += weight;
      if (tail > level) break;
      weight = (weight * (discordant - losses)) / (losses + 1);
    }
    return discordant - losses + 1;
  });
}
