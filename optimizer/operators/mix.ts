import type { BreedingConfig } from "#lib/domain/breeding.ts";
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

/** Where there is nothing to show they would only be tried and skipped. */
const showsExamples: readonly Operator[] = [fewShot, fewShotSet, fewShotBalance];

/** The first population: each slot's operator, so that every kind of change is tried once before any is bred on. */
export function firstPopulationPlan(
  agent: AgentProfile,
  slots: number,
  { without, hasExamples }: { without: readonly string[]; hasExamples: boolean },
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
        fewShot,
        variation,
        fewShotSet,
        reflect,
        fewShotSet,
        addInstruction,
        fewShotSet,
        hyperparameter,
        shorten,
      ];
  const plan = all
    .filter(({ name }) => !without.includes(name))
    .filter((operator) => hasTools || hasExamples || !showsExamples.includes(operator));
  return Array.from({ length: slots }, (_, slot) => plan[slot % plan.length] ?? variation);
}

export interface WeightedOperator {
  operator: Operator;
  weight: number;
}

/**
 * What each operator is expected to be worth before anything is known: for agents with tools, and for those that answer rows,
 * where what is shown as an example moves success more than what is said (decision 21). 0 leaves it out.
 */
const weights: readonly { operator: Operator; withTools: number; answeringRows: number }[] = [
  { operator: reflect, withTools: 2, answeringRows: 2 },
  { operator: variation, withTools: 5, answeringRows: 5 },
  { operator: addInstruction, withTools: 1, answeringRows: 1 },
  { operator: crossover, withTools: 1, answeringRows: 1 },
  { operator: rephraseInstruction, withTools: 0.25, answeringRows: 0.25 },
  { operator: removeInstruction, withTools: 0.5, answeringRows: 0.5 },
  { operator: fewShot, withTools: 0.5, answeringRows: 3.5 },
  { operator: fewShotSet, withTools: 0, answeringRows: 10 },
  { operator: fewShotBalance, withTools: 0, answeringRows: 7 },
  { operator: fewShotDrop, withTools: 0.1, answeringRows: 1 },
  { operator: fewShotReorder, withTools: 0.1, answeringRows: 1 },
  { operator: shorten, withTools: 0.25, answeringRows: 0.25 },
  { operator: hyperparameter, withTools: 1.5, answeringRows: 1 },
  { operator: freshStart, withTools: 0.25, answeringRows: 0.25 },
  { operator: toolMask, withTools: 0.5, answeringRows: 0 },
  { operator: toolDescription, withTools: 0.5, answeringRows: 0 },
];

/**
 * Operators of the later generations. One that would not get a single slot of all that are planned is left out: a dozen
 * operators cannot be told apart by a dozen children. Shortening stays, since long prompts call for it, and so does what somebody asked for.
 */
export function weightedOperators(
  agent: AgentProfile,
  {
    breeding,
    generations,
    offspringSize,
  }: { breeding: BreedingConfig; generations: number; offspringSize: number },
  hasExamples: boolean,
): WeightedOperator[] {
  const { without, toolDescriptions } = breeding;
  const hasTools = agent.allowedTools.length > 0;
  const off = toolDescriptions ? without : [...without, toolDescription.name];
  const allowed = weights
    .map(({ operator, ...weight }) => ({
      operator,
      weight: hasTools ? weight.withTools : weight.answeringRows,
    }))
    .filter(({ operator, weight }) => weight > 0 && !off.includes(operator.name))
    .filter(({ operator }) => hasTools || hasExamples || !showsExamples.includes(operator));
  const slots = generations * offspringSize;
  const total = allowed.reduce((sum, { weight }) => sum + weight, 0);
  const kept: readonly Operator[] = [shorten, toolDescription];
  return allowed.filter(
    ({ operator, weight }) => kept.includes(operator) || (slots * weight) / total >= 1,
  );
}
