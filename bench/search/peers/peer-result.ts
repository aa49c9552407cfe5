/** What a library's search found, by the truth of its world: its pick, and the front of the prompts that it measured. */
import { contentHash } from "#lib/content-hash.ts";
import type { Objectives } from "#lib/domain/objective.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { frontHypervolume } from "#optimizer/loop/evaluate.ts";
import { objectivesOf } from "../agent/hand-over.ts";
import type { PeerCounts, PeerSession } from "./peer-session.ts";

/** Prompts with fewer trials than this have not been measured, only looked at. */
const trialsMin = 10;
/** Prompts that a method hands over at most, its pick among them. */
const handedOverMax = 4;

export interface PeerFigures extends PeerCounts {
  success: number;
  startSuccess: number;
  costRatio: number;
  /** Of what is handed over, by true rates, against success 0 and twice the start's cost and latency. */
  hypervolume: number;
  handedOver: number;
  measured: number;
}

/** Figures of a search that ended with this prompt. The other prompts of its front are chosen by the library's own trials. */
export function figuresOf(session: PeerSession, best: string): PeerFigures {
  const { world } = session;
  const pick = session.genomeOf(best);
  const [truth, start] = [world.truth(pick), world.truth(world.start)];
  const front = frontOf(session, pick);
  return {
    ...session.counts,
    success: truth.successRate,
    startSuccess: start.successRate,
    costRatio: truth.costUsd / start.costUsd,
    hypervolume: hypervolumeOf(
      front.map((genome) => world.truth(genome)),
      start,
    ),
    handedOver: front.length,
    measured: measuredIn(session).length,
  };
}

function measuredIn({ trials }: PeerSession): PromptGenome[] {
  return trials.prompts().filter((genome) => trials.of(genome).length >= trialsMin);
}

/** The pick, and up to three prompts that add most to the hypervolume by the search's own trials, as the product chooses. */
function frontOf(session: PeerSession, pick: PromptGenome): PromptGenome[] {
  const { start } = session.world;
  const today = besideStart(session, start);
  const others = measuredIn(session)
    .filter((genome) => contentHash(genome) !== contentHash(pick))
    .map((genome) => ({ genome, objectives: besideStart(session, genome) }))
    .filter(({ objectives }) => objectives.successRate >= today.successRate - 0.05);
  const chosen = [{ genome: pick, objectives: besideStart(session, pick) }];
  const volume = (more: typeof chosen) =>
    hypervolumeOf(
      more.map(({ objectives }) => objectives),
      today,
    );
  while (chosen.length < handedOverMax) {
    const gains = others.map((other) => volume([...chosen, other]));
    const most = Math.max(...gains);
    const next = others[gains.indexOf(most)];
    if (next === undefined || most <= volume(chosen)) break;
    chosen.push(next);
    others.splice(others.indexOf(next), 1);
  }
  return chosen.map(({ genome }) => genome);
}

/** A prompt's figures as they would be on the start's rows: moved by the difference on the rows that both ran. */
function besideStart({ trials, world }: PeerSession, genome: PromptGenome): Objectives {
  const [own, start] = [trials.of(genome), trials.of(world.start)];
  const ids = new Set(start.map(({ benchmarkId }) => benchmarkId));
  const shared = own.filter(({ benchmarkId }) => ids.has(benchmarkId));
  const sharedIds = new Set(shared.map(({ benchmarkId }) => benchmarkId));
  const today = objectivesOf(start);
  if (shared.length === 0) return { ...today, successRate: 0 };
  const mine = objectivesOf(shared);
  const theirs = objectivesOf(start.filter(({ benchmarkId }) => sharedIds.has(benchmarkId)));
  return {
    successRate: today.successRate + (mine.successRate - theirs.successRate),
    costUsd: today.costUsd * (mine.costUsd / theirs.costUsd),
    latencyMs: today.latencyMs * (mine.latencyMs / theirs.latencyMs),
  };
}

function hypervolumeOf(front: readonly Objectives[], incumbent: Objectives): number {
  const individuals = front.map((objectives) => ({
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
