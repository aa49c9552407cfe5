/** Which operator each slot of a generation begins with, decided for all slots at once. */
import { draw } from "#lib/random.ts";
import { crossover } from "../operators/crossover.ts";
import { freshStart } from "../operators/fresh-start.ts";
import type { WeightedOperator } from "../operators/mix.ts";
import type { Operator } from "../operators/operator.ts";
import { shorten } from "../operators/shorten.ts";
import { toolDescription } from "../operators/tool-description.ts";
import type { BanditArm } from "./bandit.ts";
import { lengthCap } from "./guards.ts";
import { type Breeder, bestOnAverage } from "./parents.ts";

export interface SlotPlanInput {
  seed: number;
  generation: number;
  slots: number;
  operators: readonly WeightedOperator[];
  /** Shares of the slots by operator; an operator without an arm has its weight. */
  arms: readonly BanditArm[];
  /** Crossovers that may still be tried, refused ones counted. */
  crossoversLeft: number;
  /** Share of the slots that write the prompt anew, 0..1: raised when the search stalls. */
  freshShare: number;
  population: readonly Breeder[];
  incumbentCharacters: number;
}

/** Of its cap, what a prompt may fill before one child must shorten it. */
const fullness = 0.8;
const toolDescriptionsMax = 1;

/** One operator a slot. The last slot shortens when the best prompt is nearly as long as it may get. */
export function planSlots(input: SlotPlanInput): Operator[] {
  const { seed, generation, population, operators } = input;
  const quota = new Map([
    [crossover.name, input.crossoversLeft],
    [toolDescription.name, toolDescriptionsMax],
  ]);
  const plan = Array.from({ length: input.slots }, (_, slot) => {
    const draws = draw(seed, "operator", generation, slot);
    if (draws.chance(input.freshShare)) return freshStart;
    const open = operators.filter(({ operator }) => (quota.get(operator.name) ?? 1) > 0);
    const chosen = draws.weighted(
      open.map(({ operator }) => operator),
      open.map((weighted) => shareOf(weighted, input.arms)),
    );
    const left = quota.get(chosen.name);
    if (left !== undefined) quota.set(chosen.name, left - 1);
    return chosen;
  });
  const longest = bestOnAverage(population).genome.content.length;
  const mayShorten = operators.some(({ operator }) => operator.name === shorten.name);
  if (mayShorten && longest > fullness * lengthCap(input.incumbentCharacters))
    plan[plan.length - 1] = shorten;
  return plan;
}

/** The share of an operator among those drawn from. */
export function shareOf(
  { operator, weight }: WeightedOperator,
  arms: readonly BanditArm[],
): number {
  return arms.find((arm) => arm.operator === operator.name)?.share ?? weight;
}
