import type { AgentProfile } from "../ports.ts";
import { addInstruction } from "./add-instruction.ts";
import { crossover } from "./crossover.ts";
import { fewShot } from "./few-shot.ts";
import { hyperparameter } from "./hyperparameter.ts";
import type { Operator } from "./operator.ts";
import { reflect } from "./reflect.ts";
import { removeInstruction } from "./remove-instruction.ts";
import { rephraseInstruction } from "./rephrase-instruction.ts";
import { shorten } from "./shorten.ts";
import { toolMask } from "./tool-mask.ts";
import { variation } from "./variation.ts";

/** The first population: each slot's operator, so that every kind of change is tried once before any is bred on. */
export function firstPopulationPlan(agent: AgentProfile, slots: number): Operator[] {
  const hasTools = agent.allowedTools.length > 0;
  const plan = hasTools
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
        fewShot,
        variation,
        fewShot,
        reflect,
        fewShot,
        addInstruction,
        fewShot,
        hyperparameter,
        shorten,
      ];
  return Array.from({ length: slots }, (_, slot) => plan[slot % plan.length] ?? variation);
}

/** Operators of the later generations with their shares. */
export function weightedOperators(agent: AgentProfile): { operator: Operator; weight: number }[] {
  const hasTools = agent.allowedTools.length > 0;
  return [
    { operator: reflect, weight: 3 },
    { operator: addInstruction, weight: 2 },
    { operator: variation, weight: 1 },
    { operator: crossover, weight: 2 },
    { operator: rephraseInstruction, weight: 1 },
    { operator: removeInstruction, weight: 1.5 },
    { operator: fewShot, weight: hasTools ? 0.75 : 4 },
    { operator: shorten, weight: 0.5 },
    { operator: hyperparameter, weight: 1 },
    ...(hasTools ? [{ operator: toolMask, weight: 0.75 }] : []),
  ];
}
