/** Runs of methods in label worlds, judged by the truth and kept one by one, so that a long comparison can be stopped and taken up again. */
import { appendFile } from "node:fs/promises";
import { z } from "zod";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { hypervolumeOf } from "../agent/hand-over.ts";
import { linesOf } from "../agent/kept-runs.ts";
import { type LabelWorldOptions, makeLabelWorld } from "./make-label-world.ts";
import type { LabelWorld } from "./world.ts";
import type { WorldMethod } from "./world-method.ts";

export const worldRun = z.object({
  method: z.string(),
  /** Seed of the world and of the method. */
  world: z.int(),
  budget: z.int(),
  size: z.int(),
  temperature: z.number(),
  /** True rates over the population, 0..1. */
  start: z.number(),
  success: z.number(),
  /** Of what was handed over, by true rates, costs and latencies, against success 0 and twice the start's cost and latency. */
  hypervolume: z.number(),
  /** Cost of the pick over the start's. */
  costRatio: z.number(),
  handedOver: z.int(),
  ordered: z.int(),
  proofTrials: z.int(),
  prompts: z.int(),
  promoted: z.boolean().nullable(),
  simulated: z.literal(true),
});
export type WorldRun = z.infer<typeof worldRun>;

/** Runs a method in the world of one seed and judges what it hands over. */
export async function runInWorld(
  method: WorldMethod,
  options: Required<LabelWorldOptions> & { budget: number },
): Promise<WorldRun> {
  const { seed, size, temperature, budget } = options;
  const world = makeLabelWorld({ seed, size, temperature });
  const found = await method.run(world, budget);
  const start = world.truth(world.start);
  const pick = world.truth(found.pick);
  return {
    method: method.name,
    world: seed,
    budget,
    size,
    temperature,
    start: start.successRate,
    success: pick.successRate,
    hypervolume: trueHypervolume(world, found.handedOver),
    costRatio: pick.costUsd / start.costUsd,
    handedOver: found.handedOver.length,
    ordered: found.ordered,
    proofTrials: found.proofTrials,
    prompts: found.prompts,
    promoted: found.promoted,
    simulated: true,
  };
}

/** Hypervolume of prompts by their true figures; the reference is fixed by the world's start. */
export function trueHypervolume(world: LabelWorld, prompts: readonly PromptGenome[]): number {
  return hypervolumeOf(
    prompts.map((genome) => ({ objectives: world.truth(genome) })),
    world.truth(world.start),
  );
}

/** Runs that a file keeps; none where there is no file. */
export async function keptWorldRuns(file: string): Promise<WorldRun[]> {
  return (await linesOf(file)).map((line) => worldRun.parse(JSON.parse(line)));
}

export async function keepWorldRun(file: string, run: WorldRun): Promise<void> {
  await appendFile(file, `${JSON.stringify(run)}\n`);
}
