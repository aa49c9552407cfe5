import { z } from "zod";

/** What a child is bred for: to succeed more than all others, or more than those that cost no more. */
export const aim = z.enum(["success", "front"]);
export type Aim = z.infer<typeof aim>;

/** How a slot serves its aim: by another edit of the best, by making the best cheaper, or by improving what the front would miss most. */
export const slotRoles = ["improve-best", "cheapen-best", "improve-front"] as const;
export type SlotRole = (typeof slotRoles)[number];

export function aimOf(role: SlotRole): Aim {
  return role === "improve-best" ? "success" : "front";
}

/** Of ten slots one improves what the front would miss most; it is odd, as all of those for the front. */
const improveFrontEvery = 10;

/**
 * The roles of a generation's slots. The first part of the trials goes to success alone: what is learnt there serves the front
 * too. Afterwards half of the slots are for the front, and most of these make the best prompt cheaper.
 */
export function slotRolesOf(
  slots: number,
  { generation, isForFront }: { generation: number; isForFront: boolean },
): SlotRole[] {
  return Array.from({ length: slots }, (_, slot): SlotRole => {
    if (!isForFront) return "improve-best";
    // Counted over generations: with an odd number of slots the shares hold in the long run.
    const place = generation * slots + slot;
    if (place % 2 === 0) return "improve-best";
    return place % improveFrontEvery === improveFrontEvery - 1 ? "improve-front" : "cheapen-best";
  });
}
