/**
 * Mutate: each slot of a generation draws an operator and parents, asks for children and sends them through the
 * guards. Every draw is a pure function of (seed, generation, slot, attempt), and slots look only at the population
 * as it was when the generation began; so they may run at once and the children are the same.
 */
import { z } from "zod";
import { contentHash } from "#lib/content-hash.ts";
import { differenceOf, type GenomeDifference } from "#lib/genome/difference.ts";
import { type Birth, birth } from "../memory/birth.ts";
import { nearDuplicate } from "../memory/near-duplicates.ts";
import type { Operator } from "../operators/operator.ts";
import type { Completer, RunStore } from "../ports.ts";
import type { Aim } from "./aim.ts";
import { banditArm } from "./bandit.ts";
import { type AcceptedChild, type BreedingInput, fillSlot, type SlotResult } from "./fill-slot.ts";
import { refusedChild } from "./refused-child.ts";
import { planSlots } from "./slot-plan.ts";

/** The step's stored output; runs that were stored before births and arms were kept have none. */
export const mutation = z.object({
  childIds: z.array(z.string()),
  refused: z.array(refusedChild),
  births: z.array(birth).default([]),
  bandit: z.array(banditArm).default([]),
  /** USD that all slots were billed for proposals, those that came to nothing too. */
  costUsd: z.number().default(0),
});
export type Mutation = z.infer<typeof mutation>;

export interface MutateInput extends BreedingInput {
  /** One operator a slot for the first population; later generations draw by share. */
  plan: readonly Operator[] | null;
  offspringSize: number;
  /** Crossovers that may still be tried in this generation, refused ones counted. */
  crossoversLeft: number;
}

/** Characters of a rewrite's new lines that the memory keeps. */
const intentMax = 300;

/** Makes, guards and registers the children of one generation. */
export async function mutate(
  input: MutateInput,
  ports: { completer: Completer; store: RunStore },
): Promise<Mutation> {
  const plan =
    input.plan ??
    planSlots({
      ...input,
      seed: input.config.seed,
      incumbentCharacters: input.incumbent.content.length,
    });
  const results = await Promise.all(
    plan.map((operator, slot) => fillSlot(slot, operator, input, ports.completer)),
  );
  return register(results, input, ports.store);
}

/** Takes the children in the order of their slots, so that of twins the same one is kept in every run. */
async function register(
  results: readonly SlotResult[],
  input: MutateInput,
  store: RunStore,
): Promise<Mutation> {
  const refused = results.flatMap((result) => result.refused);
  const known = new Set(input.population.map((parent) => contentHash(parent.genome)));
  const siblings: AcceptedChild[] = [];
  const births: Birth[] = [];
  for (const { slot, accepted, costUsd } of results) {
    for (const child of accepted) {
      if (births.length >= input.offspringSize) break;
      const refuse = (guard: string, reason: string) =>
        refused.push({ slot, operator: child.operator, guard, reason });
      const hash = contentHash(child.genome);
      const isTwin =
        input.config.breeding.memory &&
        nearDuplicate(child.genome, child.parent, siblings) !== null;
      if (known.has(hash) || isTwin) {
        refuse("duplicate", known.has(hash) ? "an equal prompt exists" : "a sibling is its twin");
        continue;
      }
      known.add(hash);
      const born = birthOf(child, input.aims[slot] ?? "success", costUsd / accepted.length);
      const registration = await store.registerPrompt({
        genome: child.genome,
        operator: child.operator,
        operatorArguments: {
          ...child.operatorArguments,
          difference: born.difference,
          costUsd: born.costUsd,
        },
        parentIds: child.parentIds,
        message: child.message,
        generation: input.generation,
      });
      if (registration.state === "registered") {
        births.push({ ...born, id: registration.prompt.id });
        siblings.push(child);
      } else refuse("registry", registration.reason);
    }
  }
  const { arms } = input;
  const costUsd = results.reduce((sum, slot) => sum + slot.costUsd, 0);
  return { childIds: births.map(({ id }) => id), refused, births, bandit: [...arms], costUsd };
}

/** A rewrite's own message says nothing of what it changed; whoever is told that it lost needs the words. */
function intentOf({ operator, message }: AcceptedChild, { added }: GenomeDifference): string {
  const isRewrite = operator === "variation" || operator === "fresh-start";
  if (!isRewrite || added.length === 0) return message;
  return `${message}, with "${added.join(" ").slice(0, intentMax)}"`;
}

function birthOf(child: AcceptedChild, aim: Aim, costUsd: number): Omit<Birth, "id"> {
  const difference = differenceOf(child.parent, child.genome);
  return {
    operator: child.operator,
    parentIds: child.parentIds,
    aim,
    intent: intentOf(child, difference),
    signature: child.signature,
    section: child.section,
    difference,
    costUsd: Number(costUsd.toFixed(9)),
  };
}
