/** Makes a prompt cheaper by several edits at once: each alone saves little, and none is to make it better. */
import type { WeightedOperator } from "../operators/mix.ts";
import {
  type Offspring,
  type Operator,
  type OperatorContext,
  type OperatorOutcome,
  type ParentPrompt,
  skipped,
} from "../operators/operator.ts";
import { cheapeningShares, operatorsFor } from "./slot-plan.ts";

const editsMax = 3;

/** One child by the operator and up to two more that make it cheaper still; those that do not apply are left out. */
export async function cheapen(
  first: Operator,
  parents: readonly ParentPrompt[],
  { context, operators }: { context: OperatorContext; operators: readonly WeightedOperator[] },
): Promise<OperatorOutcome> {
  const { draws } = context;
  const own = cheapeningShares(operatorsFor("front", operators));
  const [parent] = parents;
  if (parent === undefined) return skipped("no parent");
  const edits: Offspring[] = [];
  const wanted = 1 + draws.int(editsMax);
  for (let edit = 0; edit < wanted; edit++) {
    const operator = edit === 0 ? first : draws.weighted(own.operators, own.shares);
    const genome = edits.at(-1)?.genome ?? parent.genome;
    const outcome = await operator.apply([{ ...parent, genome }], context);
    if (outcome.state === "made") edits.push(...outcome.offspring.slice(0, 1));
  }
  const [child] = edits;
  if (child === undefined) return skipped("nothing is left that would make it cheaper");
  const offspring: Offspring = {
    ...child,
    genome: edits.at(-1)?.genome ?? child.genome,
    operatorArguments: {
      ...child.operatorArguments,
      further: edits.slice(1).map(({ operator, operatorArguments }) => ({
        operator,
        operatorArguments,
      })),
    },
    message: edits.map(({ message }) => message).join("; "),
  };
  return { state: "made", offspring: [offspring] };
}
