/**
 * Memory: which habits the model shows in this run. Each habit has a probability that falls with the prompt's length,
 * with temperature and with a late place, and one uniform draw that depends on the seed and the habit only. Two prompts
 * run with the same seed therefore differ just where their probabilities do: paired comparisons stay smooth.
 */
import { draw } from "../../random.ts";
import { byHabit, type Habits } from "./habits.ts";
import type { Habit } from "./lexicon.ts";
import type { Ability } from "./variants.ts";

/** How likely each habit shows although nobody asked for it. */
const instincts: Readonly<Record<Habit, number>> = {
  constraints: 0.6,
  variables: 0.4,
  units: 0.62,
  collisions: 0.22,
  simulate: 0.6,
  cost: 0.3,
  margin: 0.25,
  imports: 0.6,
  "no-reference": 0.55,
  heed: 0.58,
  submit: 0.97,
  stepwise: 0,
  concise: 0,
  recompute: 0.25,
  specific: 0.25,
  strict: 0.15,
  order: 0.3,
  format: 0.5,
  reasoning: 0,
};

/** A plain instruction is followed a little less often than one with emphasis. */
const plainStrength = 0.985;
const lateLoss = 0.1;
const lateFromTokens = 1_200;
const temperatureLoss = 0.035;
const wordsThatStick = 45;
/** Who works step by step forgets a part less. */
const methodGain = 0.2;

export interface Circumstances {
  seed: number;
  /** Tokens of the instructions, without the task. */
  tokens: number;
  temperature: number;
  ability: Ability;
}

/** Which habits are shown in this run. */
export function recallHabits(habits: Habits, circumstances: Circumstances): Record<Habit, boolean> {
  return byHabit(
    (habit) =>
      draw(circumstances.seed, "recall", habit).next() <
      recallProbability(habit, habits, circumstances),
  );
}

/** Probability that one habit is shown, 0..1. */
export function recallProbability(
  habit: Habit,
  habits: Habits,
  { tokens, temperature, ability }: Circumstances,
): number {
  const instinct = Math.min(0.98, instincts[habit] * (habit === "submit" ? 1 : ability.instinct));
  const { strength, depth, words } = habits[habit];
  if (strength <= 0) return instinct * Math.max(0, 1 + strength);
  const heard = Math.min(1, strength * plainStrength);
  const length = Math.exp(-((tokens / ability.span) ** 2));
  const heat = Math.max(0, 1 - temperatureLoss * temperature ** 2);
  const late = 1 - lateLoss * depth * Math.min(1, tokens / lateFromTokens);
  const rambling = words > wordsThatStick ? 0.93 : 1;
  const remembered = ability.recall * heard * length * heat * late * rambling;
  const methodical = habits.stepwise.strength > 0 ? methodGain * (1 - remembered) : 0;
  // Being asked is never worse than not being asked.
  return Math.max(instinct * length * heat, remembered + methodical);
}
