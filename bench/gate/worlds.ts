/**
 * Worlds of rows for the proof: what a row answers with the incumbent and with a candidate. A null world has equal
 * means over the whole population of rows, although single rows change.
 */
import type { Draws } from "#lib/random.ts";
import type { PairedOutcomes } from "#lib/stats/permutation.ts";

export type WorldKind = "swap" | "skewed" | "gain";

export interface World {
  name: string;
  kind: WorldKind;
  /** True gain over the population, in 0..1 units; 0 in a null world. */
  gain: number;
  drawRow(draws: Draws): PairedOutcomes;
}

/** Single trials, and three repeats that differ. */
const repeatsOf = [1, 3];

export const worlds: readonly World[] = [...swaps(), ...skewed(), ...gains()];

/** Passes move between rows and their number stays: equal prompts that are not the same prompt. */
function swaps(): World[] {
  const result: World[] = [];
  for (const repeats of repeatsOf)
    for (const rate of [0.35, 0.5, 0.7])
      for (const share of [0.15, 0.3, 0.5])
        result.push(flips({ kind: "swap", rate, win: share / 2, loss: share / 2, repeats }));
  return result;
}

/** Gains that a user would want proven; the rest of the discordance is swaps. */
function gains(): World[] {
  const result: World[] = [];
  for (const repeats of repeatsOf)
    for (const [rate, gain, discordance] of [
      [0.4, 0.1, 0.3],
      [0.4, 0.2, 0.2],
      [0.4, 0.2, 0.4],
      [0.3, 0.3, 0.3],
      [0.3, 0.3, 0.5],
    ] as const) {
      const [win, loss] = [(discordance + gain) / 2, (discordance - gain) / 2];
      result.push(flips({ kind: "gain", rate, win, loss, repeats }));
    }
  return result;
}

interface Flips {
  kind: WorldKind;
  /** Success rate of the incumbent. */
  rate: number;
  win: number;
  loss: number;
  repeats: number;
}

/**
 * Rows that flip from fail to pass with probability `win` and back with `loss`. With repeats, a row passes nine times
 * in ten or one time in ten, and the rates of the rows are what flips.
 */
function flips({ kind, rate, win, loss, repeats }: Flips): World {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const words = kind === "swap" ? `swap ${percent(win + loss)}` : `+${percent(win - loss)}`;
  const discordance = kind === "swap" ? "" : `, ${percent(win + loss)} discordant`;
  // Nine in ten and one in ten are 0.8 apart: the rates of rows must flip more often for the same gain.
  const scale = repeats === 1 ? 1 : 0.8;
  return {
    name: `${words} at ${percent(rate)}${discordance}, repeats ${repeats}`,
    kind,
    gain: (win - loss) * scale,
    drawRow(draws) {
      const u = draws.next();
      const before = u < win ? false : u < win + loss ? true : draws.chance(rest(rate, win, loss));
      const after = u < win ? true : u < win + loss ? false : before;
      const arm = (passes: boolean) =>
        repeats === 1
          ? [passes ? 1 : 0]
          : Array.from({ length: repeats }, () => (draws.chance(passes ? 0.9 : 0.1) ? 1 : 0));
      return { baseline: arm(before), candidate: arm(after) };
    },
  };
}

/** Chance to pass of a row that does not flip, so that `rate` of all rows pass before. */
function rest(rate: number, win: number, loss: number): number {
  return Math.min(1, Math.max(0, (rate - loss) / (1 - win - loss)));
}

/**
 * Equal means with an uneven distribution: a little better on most rows and much worse on few, and the other way
 * round. A sign-flip test assumes that +x is as likely as −x, which is false here.
 */
function skewed(): World[] {
  const scored = (name: string, difference: (draws: Draws) => number): World => ({
    name,
    kind: "skewed",
    gain: 0,
    drawRow(draws) {
      const d = difference(draws);
      return { baseline: [Math.max(0, -d)], candidate: [Math.max(0, d)] };
    },
  });
  const repeated = (name: string, repeats: number, broken: number): World => ({
    name,
    kind: "skewed",
    gain: 0,
    drawRow(draws) {
      const arm = (rate: number) =>
        Array.from({ length: repeats }, () => (draws.chance(rate) ? 1 : 0));
      const better = 0.8 / (1 - broken);
      return { baseline: arm(0.8), candidate: arm(draws.chance(broken) ? 0 : better) };
    },
  });
  return [
    scored("scores: +0.1 on 90 %, −0.9 on 10 %", (draws) => (draws.chance(0.9) ? 0.1 : -0.9)),
    scored("scores: +0.2 on 80 %, −0.8 on 20 %", (draws) => (draws.chance(0.8) ? 0.2 : -0.8)),
    scored("scores: +0.05 on 95 %, −0.95 on 5 %", (draws) => (draws.chance(0.95) ? 0.05 : -0.95)),
    scored("scores: −0.1 on 90 %, +0.9 on 10 %", (draws) => (draws.chance(0.9) ? -0.1 : 0.9)),
    repeated("broken on 10 %, 3 repeats", 3, 0.1),
    repeated("broken on 10 %, 10 repeats", 10, 0.1),
    repeated("broken on 20 %, 3 repeats", 3, 0.2),
  ];
}
