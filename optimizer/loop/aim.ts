import { z } from "zod";

/**
 * What a child is bred for: to succeed more than all others, by one more edit of the best so far; or for the front, as the best
 * made cheaper, to succeed more than those that cost no more.
 */
export const aim = z.enum(["success", "front"]);
export type Aim = z.infer<typeof aim>;

/**
 * The aims of a generation's slots. The first part of the trials goes to success alone: what is learnt there serves the front
 * too. Afterwards every second slot is for the front.
 */
export function aimsOf(
  slots: number,
  { generation, isForFront }: { generation: number; isForFront: boolean },
): Aim[] {
  return Array.from({ length: slots }, (_, slot): Aim => {
    // Counted over generations: with an odd number of slots the shares hold in the long run.
    const place = generation * slots + slot;
    return isForFront && place % 2 === 1 ? "front" : "success";
  });
}
