/** What is run again and again, by mode: each run makes a world of its own seed and answers what the product did there. */
import { costTrap, makeNullWorld, type NullCell } from "../label-world/null-world.ts";
import { makePlantedWorld, type PowerWorld } from "../label-world/planted-world.ts";
import type { LabelWorld } from "../label-world/world.ts";
import { isCondemned, isFalsePromotion, isTruePromotion } from "./judge.ts";
import { optimize, type Setting } from "./product.ts";

/** One run, told as counts of what may have happened. */
export interface NullRun {
  mode: Mode;
  cell: string;
  setting: Setting;
  size: number;
  seed: number;
  /** A prompt was handed over that is not what its verdict says. */
  falsePromotion: boolean;
  /** A prompt was handed over as better that is. */
  truePromotion: boolean;
  /** A finalist holds the planted sentence. */
  found: boolean;
  /** Finalists that break a required row and could have been handed over, and those of them that were. */
  harmfulFinalists: number;
  harmfulPromoted: number;
  /** Finalists that break nothing, and those of them that a guarded benchmark condemned. */
  harmlessFinalists: number;
  harmlessCondemned: number;
  ordered: number;
}

export const modes = ["swap", "cost", "repeated", "power", "required", "harmless"] as const;
export type Mode = (typeof modes)[number];

export interface RunOptions {
  setting: Setting;
  size: number;
  seed: number;
}

/** Gains that power is measured at. */
export const gains = [
  { from: 0.3, to: 0.6 },
  { from: 0.4, to: 0.6 },
] as const;
/** Optimizations of one suite against the same incumbent. */
const repetitions = 10;
const required = { count: 5, broken: 1 } as const;

/** Runs of a null cell. */
export async function runNull(
  mode: "swap" | "cost" | "repeated",
  cell: NullCell,
  options: RunOptions,
): Promise<NullRun> {
  const { size, seed, setting } = options;
  const trap = mode === "cost" ? { trap: costTrap } : {};
  const world = makeNullWorld({ ...cell, size, seed, ...trap });
  const count = mode === "repeated" ? repetitions : 1;
  let [isFalse, ordered] = [false, 0];
  for (let k = 0; k < count; k++) {
    const run = await optimize(world, setting, seed * 1_000 + k);
    isFalse ||= run.finalists.some((finalist) => isFalsePromotion(world, finalist));
    ordered += run.ordered;
  }
  const name = `share ${cell.share}, temperature ${cell.temperature}, rate ${cell.rate}`;
  return { ...empty(mode, name, options), falsePromotion: isFalse, ordered };
}

/** Runs in a world with a planted gain: whether it is found and proven, with required rows whether a broken one is caught. */
export async function runPlanted(
  mode: "power" | "required" | "harmless",
  { from, to, temperature }: { from: number; to: number; temperature: number },
  options: RunOptions,
): Promise<NullRun> {
  const { size, seed, setting } = options;
  const rows =
    mode === "power" ? {} : { required: { ...required, broken: mode === "required" ? 1 : 0 } };
  const world = makePlantedWorld({ seed, size, temperature, from, to, ...rows });
  const { finalists, ordered } = await optimize(world, setting, seed);
  const harmful = finalists.filter(({ genome }) => breaks(world, genome.content));
  const harmless = finalists.filter(
    ({ genome }) => !breaks(world, genome.content) && !lowersRequired(world, genome),
  );
  return {
    ...empty(mode, `${from} to ${to}, temperature ${temperature}`, options),
    falsePromotion: finalists.some((finalist) => isFalsePromotion(world, finalist)),
    truePromotion: finalists.some((finalist) => isTruePromotion(world, finalist)),
    found: finalists.some(({ genome }) => world.holdsPlanted(genome.content)),
    harmfulFinalists: harmful.length,
    harmfulPromoted: harmful.filter(({ nominated }) => nominated).length,
    harmlessFinalists: harmless.length,
    harmlessCondemned: harmless.filter(isCondemned).length,
    ordered,
  };
}

function breaks(world: PowerWorld, content: string): boolean {
  return world.broken.size > 0 && world.holdsPlanted(content);
}

function lowersRequired(world: LabelWorld, genome: LabelWorld["start"]): boolean {
  return [...world.required].some(
    (id) => world.passRate(genome, id) < world.passRate(world.start, id),
  );
}

function empty(mode: Mode, cell: string, { setting, size, seed }: RunOptions): NullRun {
  return {
    mode,
    cell,
    setting,
    size,
    seed,
    falsePromotion: false,
    truePromotion: false,
    found: false,
    harmfulFinalists: 0,
    harmfulPromoted: 0,
    harmlessFinalists: 0,
    harmlessCondemned: 0,
    ordered: 0,
  };
}
