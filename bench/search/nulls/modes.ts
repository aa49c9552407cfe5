/** What is run again and again, by mode: each run makes a world of its own seed and answers what the product did there. */
import type { MemoryProofLedger } from "#optimizer/adapters/memory-run-store.ts";
import { costTrap, makeNullWorld, type NullCell } from "../label-world/null-world.ts";
import { makePlantedWorld, type PowerWorld } from "../label-world/planted-world.ts";
import { withSentence } from "../label-world/proposer.ts";
import type { LabelWorld } from "../label-world/world.ts";
import { isCondemned, isFalsePromotion, isTruePromotion } from "./judge.ts";
import { type ProductRun, runProduct, type Setting } from "./product.ts";

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
  /** Finalists that break a required row, those of them that it condemned, and those that were handed over. */
  harmfulFinalists: number;
  harmfulCondemned: number;
  harmfulPromoted: number;
  /** Finalists that break nothing, and those of them that a required one condemned. */
  harmlessFinalists: number;
  harmlessCondemned: number;
  /** Unique requests; of repeated use those of the run that made most. */
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
/** Runs on one suite against the same incumbent. */
const repeated = { optimizations: 10, proofs: 5 } as const;
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
  const runs =
    mode === "repeated"
      ? await runRepeatedly(world, options)
      : [await runProduct(world, { setting, seed })];
  const finalists = runs.flatMap((run) => run.finalists);
  const name = `share ${cell.share}, temperature ${cell.temperature}, rate ${cell.rate}`;
  return {
    ...empty(mode, name, options),
    falsePromotion: finalists.some((finalist) => isFalsePromotion(world, finalist)),
    ordered: Math.max(...runs.map(({ ordered }) => ordered)),
  };
}

/** Optimizations and then proofs of people's prompts on one suite against one incumbent, with one ledger. */
async function runRepeatedly(world: LabelWorld, { setting, seed }: RunOptions) {
  const ledger: MemoryProofLedger = new Map();
  const runs: ProductRun[] = [];
  for (let k = 0; k < repeated.optimizations + repeated.proofs; k++) {
    const isProof = k >= repeated.optimizations;
    const content = withSentence(world.start.content, `Think of case ${k} before you answer.`);
    const prove = isProof ? [{ ...world.start, content }] : [];
    runs.push(await runProduct(world, { setting, seed: seed * 100 + k, ledger, prove }));
  }
  return runs;
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
  const { finalists: all, ordered } = await runProduct(world, { setting, seed });
  // One that was not tried, since one before it was not proven, met no control.
  const finalists = all.filter(({ verdict }) => verdict.reason !== "not-tried");
  const harmful = finalists.filter(({ genome }) => breaks(world, genome.content));
  const harmless = finalists.filter(
    ({ genome }) => !breaks(world, genome.content) && !lowersRequired(world, genome),
  );
  return {
    ...empty(mode, `${from} to ${to}, temperature ${temperature}`, options),
    falsePromotion: finalists.some((finalist) => isFalsePromotion(world, finalist)),
    truePromotion: finalists.some((finalist) => isTruePromotion(world, finalist)),
    found: all.some(({ genome }) => world.holdsPlanted(genome.content)),
    harmfulFinalists: harmful.length,
    harmfulCondemned: harmful.filter(isCondemned).length,
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
    harmfulCondemned: 0,
    harmfulPromoted: 0,
    harmlessFinalists: 0,
    harmlessCondemned: 0,
    ordered: 0,
  };
}
