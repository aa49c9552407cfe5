/** A library's search in a label world, judged by the truth as the baselines are. */
import { z } from "zod";
import { handedOver } from "../agent/hand-over.ts";
import { makeLabelWorld } from "../label-world/make-label-world.ts";
import { trueHypervolume, worldRun } from "../label-world/world-runs.ts";
import type { Driver } from "./driver.ts";
import { PeerSession } from "./peer-session.ts";
import type { PeerSettings } from "./peers.ts";
import type { WorldServer } from "./world-server.ts";

/** `ordered` is what a user would pay for, `asked` what the library asked: at temperature 0 a known answer is not paid for again. */
export const peerRun = worldRun.extend({
  asked: z.int(),
  proposals: z.int(),
  /** What the library says about its search. */
  note: z.string(),
});
export type PeerRun = z.infer<typeof peerRun>;

export interface PeerSearch {
  method: string;
  seed: number;
  budget: number;
  settings: PeerSettings;
}

/**
 * Runs one search. The prompts beside the pick are chosen by the product's rule from the library's own trials, so that a library which
 * hands over a single prompt has a front as well. No proof is taken: all calls are the search's.
 */
export async function searchInWorld(
  { server, driver }: { server: WorldServer; driver: Driver },
  { method, seed, budget, settings }: PeerSearch,
): Promise<PeerRun> {
  const world = makeLabelWorld({ seed });
  const session = new PeerSession(world, seed, { shares: settings.shares });
  const id = `world-${seed}`;
  const url = server.open(id, session);
  const answer = await driver.search({ url, seed, budget, settings: settings.driver });
  server.close(id);
  if ("error" in answer) throw new Error(`${method} in world ${seed}: ${answer.error}`);
  const pick = session.genomeOf(answer.best);
  const prompts = handedOver(session.trials, pick);
  const [start, truth] = [world.truth(world.start), world.truth(pick)];
  return {
    method,
    world: seed,
    budget,
    size: world.rows.length,
    temperature: world.temperature,
    start: start.successRate,
    success: truth.successRate,
    hypervolume: trueHypervolume(world, prompts),
    costRatio: truth.costUsd / start.costUsd,
    handedOver: prompts.length,
    proofTrials: 0,
    prompts: session.trials.prompts().length,
    promoted: null,
    simulated: true,
    ...session.counts,
    note: answer.note,
  };
}
