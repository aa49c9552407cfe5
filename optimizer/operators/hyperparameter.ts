import type { PromptParameters } from "#lib/domain/prompt.ts";
import { type Operator, type OperatorContext, skipped } from "./operator.ts";

/** Steps one hyperparameter to a neighbouring value within the agent's bounds; one at a time keeps causes visible. */
export const hyperparameter: Operator = {
  name: "hyperparameter",
  parents: 1,
  async apply([parent], context) {
    if (parent === undefined) return skipped("no parent");
    const steps = neighbours(parent.genome.parameters, context);
    if (steps.length === 0) return skipped("every hyperparameter is at the end of its bounds");
    const step = context.draws.pick(steps);
    return {
      state: "made",
      offspring: [
        {
          genome: {
            ...parent.genome,
            parameters: { ...parent.genome.parameters, [step.name]: step.to },
          },
          operator: "hyperparameter",
          operatorArguments: { ...step },
          parentIds: [parent.id],
          message: `Set ${step.name} from ${step.from} to ${step.to}`,
        },
      ],
    };
  },
};

interface Step {
  name: "temperature" | "topP" | "maxSteps" | "model";
  from: number | string;
  to: number | string;
}

function neighbours(parameters: PromptParameters, { agent }: OperatorContext): Step[] {
  const { parameterBounds: bounds } = agent;
  const numeric = (
    name: "temperature" | "topP" | "maxSteps",
    delta: number,
    digits: number,
  ): Step[] =>
    [-delta, delta]
      .map((change) => Number((parameters[name] + change).toFixed(digits)))
      .map((value) => Math.min(Math.max(value, bounds[name][0]), bounds[name][1]))
      .filter((value) => value !== parameters[name])
      .map((to) => ({ name, from: parameters[name], to }));
  const model = parameters.model ?? agent.defaultModel;
  const tier = bounds.models.indexOf(model);
  const models = [bounds.models[tier - 1], bounds.models[tier + 1]].flatMap((to) =>
    tier >= 0 && to !== undefined ? [{ name: "model" as const, from: model, to }] : [],
  );
  return [
    ...numeric("temperature", 0.2, 2),
    ...numeric("topP", 0.1, 2),
    ...(agent.allowedTools.length > 0 ? numeric("maxSteps", 4, 0) : []),
    ...models,
  ];
}
