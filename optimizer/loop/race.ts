/**
 * Racing (Maron & Moore 1994; for optimizers of prompts: CAPO, Zehle et al. 2025): children run block by block, and
 * those that have hardly a chance left are dropped before they cost a whole round. Every decision is a pure function of
 * measurements, so a resumed or replayed race goes the same way whatever order its trials ended in. Rules are liberal
 * and claim nothing: what survives is still to be proven, what was dropped was only not worth more money.
 */
import { z } from "zod";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { draw } from "#lib/random.ts";
import { type ArmPair, dominanceProbability } from "#lib/stats/dominance-probability.ts";
import { pairedPermutationTest } from "#lib/stats/permutation.ts";
import { type Measurement, passCounts, trialsOn } from "../measurement.ts";
import { isRegressed } from "./evaluate.ts";
import { margins } from "./margins.ts";
import { type Standing, standingOf } from "./standing.ts";

const dropRules = [
  "broken",
  "control-veto",
  "lost",
  "dominated",
  "beaten",
  "without-effect",
] as const;

/** A child that left the race early. It keeps its trials, but was never measured like the others. */
export const droppedChild = z.object({
  promptId: z.string(),
  /** The block after which it was dropped, from 1; 0 before the first, null after all of them. */
  block: z.int().nullable(),
  rule: z.enum(dropRules),
  /** In words, for people. */
  reason: z.string(),
});
export type DroppedChild = z.infer<typeof droppedChild>;

/** A child that ran the whole race and changed nothing. */
export function withoutEffect(promptId: string): DroppedChild {
  const reason = "did in every trial what its parent did, and is neither cheaper nor faster";
  return { promptId, block: null, rule: "without-effect", reason };
}

/** A child that changed nothing where its parent had failed: there an edit must show itself if it is to help. */
export function idleFromTheStart(promptId: string): DroppedChild {
  const reason = "took the same steps as its parent in the first runs that its parent had failed";
  return { promptId, block: 0, rule: "without-effect", reason };
}

/** Rules of the race, see the design's sections 6.4 and 7.5. */
const dominatedFrom = 0.8;
const beatenAlpha = 0.2;
const smokeLosses = 3;

/**
 * The race's blocks: targets cut into strata by difficulty, one of each stratum a block, so that every block is as hard
 * as the whole; within a stratum those first that tell prompts apart best (pass rate nearest one half). Controls are
 * dealt out. `rates` are pass rates by benchmark id over all prompts so far.
 */
export function planBlocks(
  targets: readonly Benchmark[],
  controls: readonly Benchmark[],
  rates: ReadonlyMap<string, number>,
  blocks: number,
): Benchmark[][] {
  const rateOf = (benchmark: Benchmark) => rates.get(benchmark.id) ?? 0;
  const hardestFirst = [...targets].sort((a, b) => rateOf(a) - rateOf(b));
  const count = Math.max(1, Math.min(blocks, targets.length));
  const plan: Benchmark[][] = Array.from({ length: count }, () => []);
  for (let from = 0; from < hardestFirst.length; from += count) {
    const stratum = hardestFirst
      .slice(from, from + count)
      .sort((a, b) => Math.abs(rateOf(a) - 0.5) - Math.abs(rateOf(b) - 0.5));
    for (const [k, benchmark] of stratum.entries()) plan[k]?.push(benchmark);
  }
  for (const [k, control] of controls.entries()) plan[k % count]?.push(control);
  return plan;
}

export interface RaceInput {
  seed: number;
  generation: number;
  /** Blocks that have been run, from 1. */
  block: number;
  /** Benchmarks of the blocks that have been run. */
  benchmarkIds: readonly string[];
  controlIds: readonly string[];
  /** Controls that may be lost, see controlLossMax of the configuration. */
  controlsToLose: number;
  incumbentId: string;
  /** Children that are still in the race. */
  childIds: readonly string[];
  /** The population that the children compete with, the incumbent included. */
  parentIds: readonly string[];
  populationSize: number;
  /** Everything measured in the search so far, by prompt. */
  measurements: ReadonlyMap<string, readonly Measurement[]>;
}

/** The children to drop after a block, in the order of the children. */
export function dropAfterBlock(input: RaceInput): DroppedChild[] {
  const parents = standings(input.parentIds, input);
  const children = standings(input.childIds, input);
  return children.flatMap((child) => {
    const verdict = judge(child, { parents, children }, input);
    return verdict === null ? [] : [{ promptId: child.promptId, block: input.block, ...verdict }];
  });
}

type Drop = Pick<DroppedChild, "rule" | "reason">;

function judge(
  child: Standing,
  field: { parents: readonly Standing[]; children: readonly Standing[] },
  input: RaceInput,
): Drop | null {
  const nearest = nearestOf(child, field.parents);
  const smoke = broken(child, input) ?? vetoed(child, input);
  if (smoke !== null || nearest === null) return smoke;
  if (input.block === 1) return lost(child, nearest);
  return dominated(child, nearest, input) ?? beaten(child, field, input);
}

function broken(child: Standing, { block }: RaceInput): Drop | null {
  const trials = [...child.trials.values()].flat();
  if (block > 1 || trials.length === 0 || !trials.every((trial) => trial.broken === true))
    return null;
  return { rule: "broken", reason: `none of its first ${trials.length} runs gave a usable answer` };
}

function vetoed(child: Standing, input: RaceInput): Drop | null {
  const own = passCounts(input.measurements.get(child.promptId) ?? []);
  const today = passCounts(input.measurements.get(input.incumbentId) ?? []);
  const regressed = input.controlIds.filter((id) => isRegressed(own.get(id), today.get(id)));
  if (regressed.length <= input.controlsToLose) return null;
  const [first = ""] = regressed;
  const { passes, trials } = own.get(first) ?? { passes: 0, trials: 0 };
  return { rule: "control-veto", reason: `failed a control ${trials - passes} times of ${trials}` };
}

/** After the first block only a shut-out counts: no pair won, several lost, on the same repeats. */
function lost(child: Standing, parent: Standing): Drop | null {
  let wins = 0;
  let losses = 0;
  for (const [id, own] of child.trials) {
    for (const { repeat, success } of own) {
      const pair = parent.trials.get(id)?.find((trial) => trial.repeat === repeat);
      if (pair === undefined || pair.success === success) continue;
      if (success) wins++;
      else losses++;
    }
  }
  if (wins > 0 || losses < smokeLosses) return null;
  return { rule: "lost", reason: `lost ${losses} of the first pairs and won none` };
}

/**
 * Only a rival that did better drops a child. One that did as well for less does not: on the first few benchmarks, which a
 * good parent all passes, the better child can do no more than its parent, and costs the sentence that it gained.
 */
function dominated(child: Standing, parent: Standing, input: RaceInput): Drop | null {
  const pairs = pairsOf(parent, child);
  if (parent.success <= child.success || !isClearlyBelow(child, parent)) return null;
  // By the child's place, not by its id: ids are new in every database, and the same run must go the same way there.
  const place = input.childIds.indexOf(child.promptId);
  const draws = draw(input.seed, "race", input.generation, input.block, place);
  const share = dominanceProbability(pairs, { draws });
  if (share < dominatedFrom) return null;
  return {
    rule: "dominated",
    reason: `its nearest rival did better, in ${Math.round(share * 100)} % of resamples of their trials so far`,
  };
}

/** The figures themselves, before any money goes into their uncertainty: worse nowhere, better by a margin somewhere. */
function isClearlyBelow(child: Standing, parent: Standing): boolean {
  const gains = [
    (parent.success - child.success) / margins.success,
    (child.logCost - parent.logCost) / margins.logCost,
    (child.logLatency - parent.logLatency) / margins.logLatency,
  ];
  return gains.every((gain) => gain >= 0) && gains.some((gain) => gain >= 1);
}

function beaten(
  child: Standing,
  field: { parents: readonly Standing[]; children: readonly Standing[] },
  input: RaceInput,
): Drop | null {
  const needed = Math.ceil(input.populationSize / 2);
  const rivals = [...field.parents, ...field.children].filter(
    (rival) => rival.promptId !== child.promptId && isNoDearer(rival, child),
  );
  if (rivals.length < needed) return null;
  const beating = rivals.filter((rival) => rival.success > child.success && beats(rival, child));
  if (beating.length < needed) return null;
  return { rule: "beaten", reason: `${beating.length} rivals that cost no more are better` };
}

/** A cheap or fast prompt has its place on the front: only rivals without a price beat it. */
function isNoDearer(rival: Standing, child: Standing): boolean {
  return (
    rival.logCost <= child.logCost + margins.logCost &&
    rival.logLatency <= child.logLatency + margins.logLatency
  );
}

function beats(rival: Standing, child: Standing): boolean {
  const pairs = pairsOf(rival, child).map(({ arm, rival: own }) => ({
    candidate: arm.map(({ success }) => success),
    baseline: own.map(({ success }) => success),
  }));
  // Outcomes of 0 and 1 on a few dozen benchmarks stay within the exact test: no draw is made.
  return pairedPermutationTest(pairs, { draws: draw("race") }) <= beatenAlpha;
}

function pairsOf(arm: Standing, rival: Standing): ArmPair[] {
  const figures = ({ success, costUsd, latencyMs }: Measurement) => ({
    success: success ? 1 : 0,
    costUsd,
    latencyMs,
  });
  return [...rival.trials].flatMap(([id, own]) => {
    const others = arm.trials.get(id) ?? [];
    if (others.length === 0 || own.length === 0) return [];
    return [{ arm: others.map(figures), rival: own.map(figures) }];
  });
}

/** The parent whose figures are nearest in units of the margins; ties keep the population's order. */
function nearestOf(child: Standing, parents: readonly Standing[]): Standing | null {
  const distance = (parent: Standing) =>
    ((parent.success - child.success) / margins.success) ** 2 +
    ((parent.logCost - child.logCost) / margins.logCost) ** 2 +
    ((parent.logLatency - child.logLatency) / margins.logLatency) ** 2;
  return parents.reduce<Standing | null>(
    (nearest, parent) =>
      nearest === null || distance(parent) < distance(nearest) ? parent : nearest,
    null,
  );
}

function standings(ids: readonly string[], input: RaceInput): Standing[] {
  return ids.map((id) => {
    const own = input.measurements.get(id) ?? [];
    return standingOf(id, trialsOn(input.benchmarkIds, own));
  });
}
