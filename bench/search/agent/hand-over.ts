/** What a method hands over, and what that is worth on benchmarks that it never saw. */
import { contentHash } from "#lib/content-hash.ts";
import type { Objectives } from "#lib/domain/objective.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { nonDominatedRanks } from "#lib/pareto/ranks.ts";
import { frontHypervolume, logOf } from "#optimizer/loop/evaluate.ts";
import { mean } from "../figures.ts";
import type { Arena, CountedTrials, TrialRecord } from "./arena.ts";

/** Prompts with fewer trials than this have not been measured, only looked at. */
const trialsMin = 10;
/** Repeats of fresh benchmarks are none of a search's. */
const freshRepeat = 5_000;

/**
 * The pick and a few more of the first front by the method's own figures, spread over it from the most successful
 * to the cheapest; what succeeds clearly less than the start is no improvement and stays out.
 */
export function handedOver(trials: CountedTrials, pick: PromptGenome): PromptGenome[] {
  const start = objectivesOf(trials.of(trials.arena.start));
  const measured = trials
    .prompts()
    .map((genome) => ({ genome, records: trials.of(genome) }))
    .filter(({ records }) => records.length >= trialsMin)
    .map(({ genome, records }) => ({ genome, objectives: objectivesOf(records) }))
    .filter(({ objectives }) => objectives.successRate >= start.successRate - 0.05);
  const figures = measured.flatMap(({ objectives: { successRate, costUsd, latencyMs } }) => [
    -successRate,
    logOf(costUsd),
    logOf(latencyMs),
  ]);
  const ranks = nonDominatedRanks(Float64Array.from(figures), measured.length, 3);
  const front = measured
    .filter((_, i) => ranks[i] === 0)
    .toSorted((a, b) => b.objectives.successRate - a.objectives.successRate);
  const steps = Math.max(1, trials.arena.handedOverMax - 2);
  const spread = Array.from({ length: steps + 1 }).flatMap(
    (_, k) => front[Math.round(((steps - k) * (front.length - 1)) / steps)] ?? [],
  );
  const chosen = [pick, ...spread.map(({ genome }) => genome)];
  return [...new Map(chosen.map((genome) => [contentHash(genome), genome])).values()].slice(
    0,
    trials.arena.handedOverMax,
  );
}

export interface FreshFigures {
  pick: Objectives;
  start: Objectives;
  /** Of the prompts handed over, against success 0 and twice the start's cost and latency. */
  hypervolume: number;
  /** Right or wrong of the pick, by fresh benchmark. */
  outcomes: boolean[];
}

/** Measures what was handed over once on each fresh benchmark; the first prompt is the pick. */
export async function measureFresh(
  arena: Arena,
  trials: CountedTrials,
  prompts: readonly PromptGenome[],
): Promise<FreshFigures> {
  const measured = async (genome: PromptGenome) =>
    trials.run(
      genome,
      arena.fresh.map((benchmark) => ({ benchmark, repeat: freshRepeat })),
    );
  const start = objectivesOf(await measured(arena.start));
  const records = await Promise.all(prompts.map(measured));
  const individuals = records.map((own) => ({
    promptId: "",
    objectives: objectivesOf(own),
    trials: own.length,
    successes: own.filter(succeeded).length,
    constraintViolation: 0,
    rank: 0,
    crowdingDistance: 0,
    survived: true,
  }));
  return {
    pick: individuals[0]?.objectives ?? start,
    start,
    hypervolume: frontHypervolume(individuals, start),
    outcomes: (records[0] ?? []).map(succeeded),
  };
}

export function objectivesOf(records: readonly TrialRecord[]): Objectives {
  return {
    successRate: mean(records.map((record) => (succeeded(record) ? 1 : 0))),
    costUsd: mean(records.map(({ result }) => result.costUsd)),
    latencyMs: mean(records.map(({ result }) => result.latencyMs)),
  };
}

function succeeded({ result }: TrialRecord): boolean {
  return result.outcome === "success";
}
