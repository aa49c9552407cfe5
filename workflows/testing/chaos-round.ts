import type { Draws } from "#lib/random.ts";
import type { ChaosRig, Counts } from "./chaos-rig.ts";
import type { KillablePostgres } from "./killable-postgres.ts";

/** One round: what was done when, what it came to, and every check that failed. */
export interface RoundResult {
  what: string;
  /** Trials that must be stored, or wishes that must be optimizations. */
  wanted: number;
  counts: Counts | null;
  recoveryMs: number | null;
  faults: string[];
}

export interface Round {
  rig: ChaosRig;
  postgres: KillablePostgres;
  draws: Draws;
}
