/** Which operator each slot of a generation begins with, decided for all slots at once. */
import type { PromptOperator } from "#lib/domain/prompt.ts";
import { draw } from "#lib/random.ts";
import { crossover } from "../operators/crossover.ts";
import type { WeightedOperator } from "../operators/mix.ts";
import type { Operator } from "../operators/operator.ts";
import { shorten } from "../operators/shorten.ts";
import { toolDescription } from "../operators/tool-description.ts";
import type { Aim } from "./aim.ts";
import type { BanditArm } from "./bandit.ts";
import { lengthCap } from "./guards.ts";
import { type Breeder, bestOnAverage } from "./parents.ts";

export interface SlotPlanInput {
  seed: number;
  generation: number;
  /** What each slot is for. */
  aims: readonly Aim[];
  operators: readonly WeightedOperator[];
  /** Shares of the slots by operator; an operator without an arm has its weight. */
  arms: readonly BanditArm[];
  /** Crossovers that may still be tried, refused ones counted. */
  crossoversLeft: number;
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
  const plan = input.aims.map((aim, slot) => {
    const draws = draw(seed, "operator", generation, slot);
    const open = operatorsFor(aim, operators).filter(
      ({ operator }) => (quota.get(operator.name) ?? 1) > 0,
    );
    const cheaper = cheapeningShares(open);
    const chosen = draws.weighted(
      cheaper.operators,
      aim === "front" ? cheaper.shares : open.map((weighted) => shareOf(weighted, input.arms)),
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

/** Operators that make a prompt cheaper, with their shares among each other: another model saves most. */
const cheapening: ReadonlyMap<PromptOperator, number> = new Map([
  ["hyperparameter", 3],
  ["shorten", 1],
  ["remove-instruction", 1],
  ["few-shot-drop", 1],
  ["tool-mask", 1],
]);

/** Operators that make a prompt cheaper and their shares; any others keep their weights. */
export function cheapeningShares(operators: readonly WeightedOperator[]): {
  operators: readonly Operator[];
  shares: readonly number[];
} {
  return {
    operators: operators.map(({ operator }) => operator),
    shares: operators.map(({ operator, weight }) => cheapening.get(operator.name) ?? weight),
  };
}

/** The operators that serve a slot's aim; all of them where none does. */
export function operatorsFor(
  aim: Aim,
  operators: readonly WeightedOperator[],
): readonly WeightedOperator[] {
  if (aim !== "front") return operators;
  const own = operators.filter(({ operator }) => cheapening.has(operator.name));
  return own.length > 0 ? own : operators;
}

/** The share of an operator among those drawn from. */
export function shareOf(
  { operator, weight }: WeightedOperator,
  arms: readonly BanditArm[],
): number {
  return arms.find((arm) => arm.operator === operator.name)?.share ?? weight;
}
