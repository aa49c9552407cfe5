import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import type { AgentProfile } from "../ports.ts";
import { addInstruction } from "./add-instruction.ts";
import { crossover } from "./crossover.ts";
import { fewShot } from "./few-shot.ts";
import { fewShotBalance } from "./few-shot-balance.ts";
import { fewShotDrop } from "./few-shot-drop.ts";
import { fewShotReorder } from "./few-shot-reorder.ts";
import { fewShotSet } from "./few-shot-set.ts";
import { freshStart } from "./fresh-start.ts";
import { hyperparameter } from "./hyperparameter.ts";
import type { Operator } from "./operator.ts";
import { reflect } from "./reflect.ts";
import { removeInstruction } from "./remove-instruction.ts";
import { rephraseInstruction } from "./rephrase-instruction.ts";
import { shorten } from "./shorten.ts";
import { toolDescription } from "./tool-description.ts";
import { toolMask } from "./tool-mask.ts";
import { variation } from "./variation.ts";

/** The first population: each slot's operator, so that every kind of change is tried once before any is bred on. */
export function firstPopulationPlan(
  agent: AgentProfile,
  slots: number,
  { without }: OptimizationConfig["breeding"],
): Operator[] {
  const hasTools = agent.allowedTools.length > 0;
  const all = hasTools
    ? [
        variation,
        reflect,
        reflect,
        reflect,
        addInstruction,
        addInstruction,
        hyperparameter,
        shorten,
        toolMask,
      ]
    : [
        fewShotSet,
        variation,
        fewShotSet,
        reflect,
        fewShotSet,
        addInstruction,
        fewShot,
        hyperparameter,
        shorten,
      ];
  const plan = all.filter(({ name }) => !without.includes(name));
  return Array.from({ length: slots }, (_, slot) => plan[slot % plan.length] ?? variation);
}

export interface WeightedOperator {
  operator: Operator;
  weight: number;
}

/**
 * Operators of the later generations with what each is expected to be worth before anything is known. One that would not
 * get a single slot of all that are planned is left out: a dozen operators cannot be told apart by a dozen children.
 * Shortening stays, since long prompts call for it, and so does what somebody asked for.
 */
export function weightedOperators(
  agent: AgentProfile,
  { breeding, generations, offspringSize }: OptimizationConfig,
): WeightedOperator[] {
  const { without, toolDescriptions } = breeding;
  const hasTools = agent.allowedTools.length > 0;
  const all = [
    { operator: reflect, weight: 2 },
    { operator: variation, weight: 5 },
    { operator: addInstruction, weight: 1 },
    { operator: crossover, weight: 1 },
    { operator: rephraseInstruction, weight: 0.25 },
    { operator: removeInstruction, weight: 0.5 },
    { operator: fewShot, weight: hasTools ? 0.5 : 1 },
    ...(hasTools
      ? []
      : [
          { operator: fewShotSet, weight: 4 },
          { operator: fewShotBalance, weight: 4 },
        ]),
    { operator: fewShotDrop, weight: hasTools ? 0.1 : 1 },
    { operator: fewShotReorder, weight: hasTools ? 0.1 : 1 },
    { operator: shorten, weight: 0.25 },
    { operator: hyperparameter, weight: 1.5 },
    { operator: freshStart, weight: 0.25 },
    ...(hasTools ? [{ operator: toolMask, weight: 0.5 }] : []),
    ...(hasTools && toolDescriptions ? [{ operator: toolDescription, weight: 0.5 }] : []),
  ];
  const allowed = all.filter(({ operator }) => !without.includes(operator.name));
  const total = allowed.reduce((sum, { weight }) => sum + weight, 0);
  const slots = generations * offspringSize;
  const kept: readonly Operator[] = [shorten, toolDescription];
  return allowed.filter(
    ({ operator, weight }) => kept.includes(operator) || (slots * weight) / total >= 1,
  );
}
