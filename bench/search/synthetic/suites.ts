/** The synthetic suites and what is counted on each. */
import { rateOf } from "../figures.ts";
import { configFor, optimizeWorld, type SearchResult } from "./optimize.ts";
import { startContent } from "./trials.ts";
import { makeWorld, type World, type WorldShape } from "./world.ts";

const gains = (gain: number): WorldShape => ({
  planted: { count: 1, gain, brokenShare: 0 },
  neutral: 9,
  harmful: 6,
});

export const synthetic = {
  /** No edit is better than what is there: whatever is promoted as better is luck. */
  null: { planted: { count: 0, gain: 0, brokenShare: 0 }, neutral: 6, harmful: 4 },
  "gain-0.1": gains(0.1),
  "gain-0.2": gains(0.2),
  "gain-0.3": gains(0.3),
  /** The one edit that helps breaks half of what works today. */
  "control-regression": {
    planted: { count: 1, gain: 0.2, brokenShare: 0.5 },
    neutral: 3,
    harmful: 2,
  },
  /** Many small gains among much that is useless: what counts is to find them and to put them together. */
  mixed: { planted: { count: 6, gain: 0.06, brokenShare: 0 }, neutral: 10, harmful: 8 },
} satisfies Record<string, WorldShape>;
export type SyntheticSuite = keyof typeof synthetic;

export interface SyntheticRun {
  seed: number;
  world: World;
  result: SearchResult;
}

export const rolloutsOf = 2_400;

export async function runSynthetic(
  suite: SyntheticSuite,
  seed: number,
  size?: number,
): Promise<SyntheticRun> {
  const world = makeWorld(synthetic[suite], seed, size);
  return { seed, world, result: await optimizeWorld(world, configFor(rolloutsOf, seed)) };
}

/** What the runs of a suite say about the promotions. */
export function judgeRuns(suite: SyntheticSuite, runs: readonly SyntheticRun[]) {
  const hasPlanted = (content: string, { rules }: World) =>
    rules.some(({ kind, sentence }) => kind === "planted" && content.includes(sentence));
  const nominated = ({ result }: SyntheticRun) =>
    result.finalists.filter((finalist) => finalist.nominated);
  const finalists = runs.flatMap((run) =>
    run.result.finalists.map((finalist) => ({ ...finalist, world: run.world })),
  );
  const common = {
    /** Runs that promoted a prompt as better which is not, or as equal and cheaper which is worse or not cheaper. */
    falsePromotion: rateOf(
      runs.map((run) => nominated(run).some((finalist) => isFalse(finalist, run.world))),
    ),
    /** Finalists that break no control and were condemned for one. */
    harmlessCondemned: rateOf(
      finalists
        .filter(({ content, world }) => !breaksControls(content, world))
        .map(({ verdict }) => verdict.reason === "required-control-lost"),
    ),
    finalists: finalists.length,
  };
  if (suite === "null") return common;
  if (suite === "control-regression") {
    return {
      ...common,
      /** Runs that guarded a benchmark which the planted edit breaks, and did not promote it. */
      controlCaught: rateOf(
        runs
          .filter(({ world, result }) => result.controls.some((id) => isBroken(id, world)))
          .map((run) => !nominated(run).some(({ content }) => hasPlanted(content, run.world))),
      ),
    };
  }
  return {
    ...common,
    /** Runs that promoted the planted edit. */
    power: rateOf(
      runs.map((run) => nominated(run).some(({ content }) => hasPlanted(content, run.world))),
    ),
    /** Runs whose finalists held it: the search found it, whatever the proof said. */
    found: rateOf(
      runs.map((run) => run.result.finalists.some(({ content }) => hasPlanted(content, run.world))),
    ),
  };
}

function isFalse(
  { content, verdict }: { content: string; verdict: { kind: string } },
  world: World,
): boolean {
  const difference = world.trueRate(content) - world.trueRate(startContent);
  if (verdict.kind === "promote-eligible") return difference <= 0;
  return difference < -0.05 || world.costUsd(content) >= world.costUsd(startContent);
}

function breaksControls(content: string, world: World): boolean {
  return world.benchmarks.some(({ id }) => id.startsWith("p") && world.passRate(content, id) < 0.9);
}

/** Whether the planted edit lowers this benchmark. */
function isBroken(id: string, { rules }: World): boolean {
  return id.startsWith("p") && rules.some(({ sets }) => sets.has(id));
}
