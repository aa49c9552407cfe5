/** What a run in a world of known truth did, held against the truth. */
import type { LabelWorld } from "../label-world/world.ts";
import type { Finalist } from "./product.ts";

/** Points that a prompt handed over as equal and cheaper may lose: the product's margin. */
const equalMargin = 0.05;

/** Whether a prompt was handed over as better that is not, or as equal and cheaper that is worse or not cheaper. */
export function isFalsePromotion(
  world: LabelWorld,
  { genome, verdict, nominated }: Finalist,
): boolean {
  if (!nominated) return false;
  const today = world.truth(world.start);
  const own = world.truth(genome);
  const gain = own.successRate - today.successRate;
  if (verdict.kind === "promote-eligible") return gain <= 1e-9;
  return gain < -equalMargin - 1e-9 || own.costUsd >= today.costUsd;
}

/** Whether it was handed over as better and is. */
export function isTruePromotion(
  world: LabelWorld,
  { genome, verdict, nominated }: Finalist,
): boolean {
  const gain = world.trueRate(genome) - world.trueRate(world.start);
  return nominated && verdict.kind === "promote-eligible" && gain > 1e-9;
}

/** Whether a required benchmark condemned it. */
export function isCondemned({ verdict }: Finalist): boolean {
  return verdict.reason === "required-control-lost";
}
