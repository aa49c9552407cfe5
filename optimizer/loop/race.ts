/**
 * Racing (Maron & Moore 1994; for optimizers of prompts: CAPO, Zehle et al. 2025): children run rung by rung on a prefix of one
 * order of rows, and those that have hardly a chance left leave before they cost more. Every decision is a pure function of
 * measurements, so a resumed or replayed race goes the same way whatever order its trials ended in. Rules are liberal and
 * claim nothing: what survives is still to be proven, what left was only not worth more trials.
 */
import { z } from "zod";
import type { Scoreboard } from "../scoreboard.ts";
import type { Aim } from "./aim.ts";
import { isIdle } from "./idle-edit.ts";

const dropRules = ["broken", "unlikely", "without-effect", "cut-off"] as const;

/** A child that left the race early. It keeps its trials, but was never measured like the others. */
export const droppedChild = z.object({
  promptId: z.string(),
  /** The rung after which it left, from 1. */
  block: z.int().nullable(),
  rule: z.enum(dropRules),
  /** In words, for people. */
  reason: z.string(),
});
export type DroppedChild = z.infer<typeof droppedChild>;

export interface Racer {
  id: string;
  aim: Aim;
  /** The prompts that it was bred from. */
  parentIds: readonly string[];
}

export interface RaceInput {
  board: Scoreboard;
  /** The rung that was just run, from 1. */
  rung: number;
  racers: readonly Racer[];
  /** The population that the children compete with, today's prompt included. */
  populationIds: readonly string[];
  /** A child leaves when its chance to be better is smaller. */
  stopBelow: number;
}

const brokenTrialsMin = 3;

/** The children that leave after a rung, in the order of the children. */
export function leaveAfterRung(input: RaceInput): DroppedChild[] {
  return input.racers.flatMap((racer) => {
    const verdict = broken(racer, input) ?? withoutEffect(racer, input) ?? unlikely(racer, input);
    if (verdict === null) return [];
    return [{ promptId: racer.id, block: input.rung, ...verdict }];
  });
}

type Leaving = Pick<DroppedChild, "rule" | "reason">;

function broken({ id }: Racer, { board }: RaceInput): Leaving | null {
  const own = board.of(id);
  if (own.length < brokenTrialsMin || !own.every((trial) => trial.broken === true)) return null;
  return { rule: "broken", reason: "none of its runs gave an answer that could be judged" };
}

function withoutEffect({ id, parentIds }: Racer, { board }: RaceInput): Leaving | null {
  if (!parentIds.some((parentId) => isIdle(board.of(id), board.of(parentId)))) return null;
  const reason = "took the same steps as its parent, in runs that its parent failed too";
  return { rule: "without-effect", reason };
}

function unlikely(racer: Racer, input: RaceInput): Leaving | null {
  const rival = rivalOf(racer, input);
  if (rival === null) return null;
  const chance = input.board.chanceOfMore(racer.id, rival);
  if (chance >= input.stopBelow) return null;
  const whom = racer.aim === "success" ? "the best prompt" : "the best prompt that costs no more";
  const reason = `with a chance of ${Math.round(chance * 100)} % it succeeds more often than ${whom}`;
  return { rule: "unlikely", reason };
}

/** The best of all others, or of those that cost no more and take no longer; null when there is none. */
function rivalOf({ id, aim }: Racer, { board, populationIds, racers }: RaceInput): string | null {
  const others = [...populationIds, ...racers.map((racer) => racer.id)].filter(
    (otherId) => otherId !== id && (aim === "success" || !board.isCheaper(id, otherId)),
  );
  return others.reduce<string | null>(
    (best, other) =>
      best === null || board.successOf(other) > board.successOf(best) ? other : best,
    null,
  );
}
