import type { PromptParameters } from "#lib/domain/prompt.ts";
import { type Operator, type OperatorContext, oneChild, skipped } from "./operator.ts";

/** Share of the steps that start from today's prompt instead of the parent, as Opik's parameter search does. */
const localShare = 0.3;

/**
 * Sets one hyperparameter to a neighbouring value within the agent's bounds; one at a time keeps causes visible. The
 * neighbour is the parent's, in part of the cases that of today's prompt.
 */
export const hyperparameter: Operator = {
  name: "hyperparameter",
  parents: 1,
  async apply([parent], context) {
    if (parent === undefined) return skipped("no parent");
    const { draws, incumbent } = context;
    const own = parent.genome.parameters;
    const isLocal = draws.chance(localShare);
    const around = isLocal && context.isToBeCheaper !== true ? incumbent.parameters : own;
    const steps = neighbours(around, context)
      .map((step) => ({ ...step, from: settingOf(own, step.name, context) }))
      .filter((step) => step.from !== step.to);
    if (steps.length === 0) return skipped("every hyperparameter is at the end of its bounds");
    const step = draws.weighted(steps, weightsOf(steps));
    return oneChild(
      "hyperparameter",
      parent,
      { parameters: { ...own, [step.name]: step.to } },
      {
        ...step,
        around: isLocal ? "incumbent" : "parent",
        message: `Set ${step.name} from ${step.from} to ${step.to}`,
      },
    );
  },
};

type NumericName = "temperature" | "topP" | "maxSteps";

interface Step {
  name: NumericName | "model";
  to: number | string;
}

/** Another model changes cost and success several-fold, the other settings hardly: it gets half of the draws. */
function weightsOf(steps: readonly Step[]): number[] {
  const models = steps.filter(({ name }) => name === "model").length;
  const others = steps.length - models;
  return steps.map(({ name }) => (name === "model" ? 1 / models : 1 / others));
}

function neighbours(parameters: PromptParameters, context: OperatorContext): Step[] {
  const { agent } = context;
  const { parameterBounds: bounds } = agent;
  const numeric = (name: NumericName, delta: number, digits: number): Step[] =>
    [-delta, delta]
      .map((change) => Number((parameters[name] + change).toFixed(digits)))
      .map((value) => Math.min(Math.max(value, bounds[name][0]), bounds[name][1]))
      .filter((value) => value !== parameters[name])
      .map((to) => ({ name, to }));
  const tier = bounds.models.indexOf(parameters.model ?? agent.defaultModel);
  const models = [bounds.models[tier - 1], bounds.models[tier + 1]].flatMap((to) =>
    tier >= 0 && to !== undefined ? [{ name: "model" as const, to }] : [],
  );
  if (context.isToBeCheaper === true) return models.slice(0, tier > 0 ? 1 : 0);
  return [
    ...numeric("temperature", 0.2, 2),
    ...numeric("topP", 0.1, 2),
    ...(agent.allowedTools.length > 0 ? numeric("maxSteps", 4, 0) : []),
    ...models,
  ];
}

function settingOf(
  parameters: PromptParameters,
  name: Step["name"],
  { agent }: OperatorContext,
): number | string {
  return name === "model" ? (parameters.model ?? agent.defaultModel) : parameters[name];
}
