import { type GenepoolError, PromptNotFoundError } from "./errors.ts";
import type { PromptData, PromptSource } from "./prompt.ts";

/** A prompt in memory. Times are milliseconds of the monotonic clock. */
export type Copy = {
  prompt: PromptData;
  /** The registry's JSON text, as it is kept on disk. */
  body: string;
  etag: string | null;
  /** How the registry confirmed it last, or that it was read from disk. */
  confirmed: "live" | "revalidated" | "last-known-good";
  confirmedAt: number;
  /** How old it was at confirmedAt: above 0 only for one read from disk. */
  ageThenMs: number;
};

/** One attempt to learn about a slot, shared by all who wait for it. Neither promise rejects. */
export type Flight = {
  landed: Promise<void>;
  /** Settles when the disk is up to date as well. */
  saved: Promise<void>;
};

/** What a service knows about one agent type and tag: the copy to serve and when to ask again. */
export type Slot = {
  readonly agentType: string;
  readonly tag: string;
  copy: Copy | null;
  /** The highest tag generation served so far: an answer below it comes from a replica that lags behind. */
  generationFloor: number;
  flight: Flight | null;
  /** Whether the disk was asked. */
  isLoaded: boolean;
  /** When to ask again. */
  dueAt: number;
  /** Attempts that failed since the last that did not. */
  failures: number;
  /** Why the last attempt failed; null after one that did not. */
  error: GenepoolError | null;
  /** When a copy was last written to disk, or tried to. */
  savedAt: number | null;
  isSaving: boolean;
};

export function emptySlot(agentType: string, tag: string): Slot {
  return {
    agentType,
    tag,
    copy: null,
    generationFloor: 0,
    flight: null,
    isLoaded: false,
    dueAt: 0,
    failures: 0,
    error: null,
    savedAt: null,
    isSaving: false,
  };
}

/** The registry's word that there is no such tag, while it is the last word. */
export function missingOf(slot: Slot): PromptNotFoundError | null {
  return slot.error instanceof PromptNotFoundError ? slot.error : null;
}

export function ageMsOf(copy: Copy, now: number): number {
  return copy.ageThenMs + Math.max(0, now - copy.confirmedAt);
}

/** How a copy is called now. */
export function sourceOf(copy: Copy, now: number, staleAfterMs: number): PromptSource {
  const isStale = copy.confirmed !== "last-known-good" && ageMsOf(copy, now) > staleAfterMs;
  return isStale ? "stale" : copy.confirmed;
}
