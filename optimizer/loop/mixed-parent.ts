/** A parent that holds pieces of other prompts before its slot's operator edits it: a child that carries several edits. */
import type { Draws } from "#lib/random.ts";
import type { Offspring } from "../operators/operator.ts";
import type { Aim } from "./aim.ts";
import type { BreedingInput } from "./fill-slot.ts";
import type { Breeder } from "./parents.ts";

export interface MixedParent {
  parent: Breeder;
  /** What the operator made of it, as children of all whose pieces they hold; without any, the mixture itself. */
  childrenOf(made: readonly Offspring[]): Offspring[];
}

/** The first parent with the pieces that promise most; null when none does. */
export function mixedParent(
  aim: Aim,
  parents: readonly Breeder[],
  { mix }: Pick<BreedingInput, "mix">,
  draws: Draws,
): MixedParent | null {
  const [first] = parents;
  if (first === undefined || mix === null || aim === "front") return null;
  const mixed = mix(first.genome, draws);
  if (mixed === null) return null;
  const { genome, changed, donorIds } = mixed;
  const parentIds = (own: readonly string[]) => [...new Set([...own, ...donorIds])];
  return {
    parent: { ...first, genome },
    childrenOf: (made) =>
      made.length > 0
        ? made.map((child) => ({
            ...child,
            parentIds: parentIds(child.parentIds),
            operatorArguments: { ...child.operatorArguments, mixed: changed },
          }))
        : [
            {
              genome,
              operator: "crossover",
              operatorArguments: { mixed: changed },
              parentIds: parentIds([first.id]),
              message: `Exchange ${changed.length} piece${changed.length === 1 ? "" : "s"} with other prompts of the run`,
            },
          ],
  };
}
