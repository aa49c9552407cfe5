/** What a method hands over, and what that is worth on benchmarks that it never saw. */
import { contentHash } from "#lib/content-hash.ts";
import type { Objectives } from "#lib/domain/objective.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { frontHypervolume } from "#optimizer/loop/evaluate.ts";
import { mean } from "../figures.ts";
import type { Arena, CountedTrials, TrialRecord } from "./arena.ts";

/** What a search knows: the start, every prompt that was tried, and the trials of each. */
export type MeasuredPrompts = Pick<CountedTrials, "start" | "of" | "prompts">;

/** Prompts with fewer trials than this have not been measured, only looked at. */
const trialsMin = 10;
/** Repeats of fresh benchmarks are none of a search's. */
const freshRepeat = 5_000;

/** Prompts that a method hands over at most, its pick among them. */
const handedOverMax = 4;

/**
 * The pick, and beside it the prompts that by the method's own figures add most to the front's hypervolume, one after the
 * other (greedy subset selection: Guerreiro, Fonseca & Paquete, Evolutionary Computation 24(3), 2016). What succeeds clearly less
 * than the start is no improvement and stays out.
 */
export function handedOver(trials: MeasuredPrompts, pick: PromptGenome): PromptGenome[] {
  const { start } = trials;
  const today = besideStart(trials, start);
  const others = trials
    .prompts()
    .filter((genome) => contentHash(genome) !== contentHash(pick))
    .filter((genome) => trials.of(genome).length >= trialsMin)
    .map((genome) => ({ genome, objectives: besideStart(trials, genome) }))
    .filter(({ objectives }) => objectives.successRate >= today.successRate - 0.05);
  const chosen = [{ genome: pick, objectives: besideStart(trials, pick) }];
  while (chosen.length < handedOverMax) {
    const gains = others.map((other) => hypervolumeOf([...chosen, other], today));
    const most = Math.max(...gains);
    const next = others[gains.indexOf(most)];
    if (next === undefined || most <= hypervolumeOf(chosen, today)) break;
    chosen.push(next);
    others.splice(others.indexOf(next), 1);
  }
  return chosen.map(({ genome }) => genome);
}

/**
 * A prompt's figures as they would be on the start's benchmarks: the start's own, moved by the difference between the two on
 * the benchmarks that both ran, each counted once. A method may run its prompts on what the start fails, and a raw mean over
 * that says less than one over everything.
 */
export function besideStart(trials: MeasuredPrompts, genome: PromptGenome): Objectives {
  const own = byBenchmark(trials.of(genome));
  const start = byBenchmark(trials.of(trials.start));
  const shared = [...own.keys()].filter((id) => start.has(id));
  const mine = meanOver(own, shared);
  const theirs = meanOver(start, shared);
  const today = meanOver(start, [...start.keys()]);
  return {
    // The difference first: of equals it is then 0 to the last digit.
    successRate: today.successRate + (mine.successRate - theirs.successRate),
    costUsd: today.costUsd * ratio(mine.costUsd, theirs.costUsd),
    latencyMs: today.latencyMs * ratio(mine.latencyMs, theirs.latencyMs),
  };
}

function byBenchmark(records: readonly TrialRecord[]): Map<string, TrialRecord[]> {
  const groups = new Map<string, TrialRecord[]>();
  for (const record of records) {
    groups.set(record.benchmarkId, [...(groups.get(record.benchmarkId) ?? []), record]);
  }
  return groups;
}

function meanOver(groups: ReadonlyMap<string, TrialRecord[]>, ids: readonly string[]): Objectives {
  const figures = ids.map((id) => objectivesOf(groups.get(id) ?? []));
  return {
    successRate: mean(figures.map(({ successRate }) => successRate)),
    costUsd: mean(figures.map(({ costUsd }) => costUsd)),
    latencyMs: mean(figures.map(({ latencyMs }) => latencyMs)),
  };
}

/** A model that costs nothing costs as much as any other that costs nothing. */
function ratio(own: number, other: number): number {
  return other === 0 ? 1 : own / other;
}

/** Of prompts, against success 0 and twice the incumbent's cost and latency. */
export function hypervolumeOf(
  prompts: readonly { objectives: Objectives }[],
  incumbent: Objectives,
): number {
  const individuals = prompts.map(({ objectives }) => ({
    promptId: "",
    objectives,
    trials: 0,
    successes: 0,
    constraintViolation: 0,
    rank: 0,
    crowdingDistance: 0,
    survived: true,
  }));
  return frontHypervolume(individuals, incumbent);
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
  const measuredPrompts = records.map((own) => ({ objectives: objectivesOf(own) }));
  return {
    pick: measuredPrompts[0]?.objectives ?? start,
    start,
    hypervolume: hypervolumeOf(measuredPrompts, start),
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
