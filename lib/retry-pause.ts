/** How long to wait before asking again what was refused or broken off, by whoever asks. */
import type { Draws } from "./random.ts";

export interface PauseRule {
  /** Before the second attempt; where nobody named a time, each later pause is `growth` times longer. */
  firstMs: number;
  growth: number;
  /** No pause is longer, whatever was named. */
  maxMs: number;
}

/** Whoever says "at once" is still not asked in a tight loop. */
const leastMs = 200;

/** Retry-After in milliseconds, whether it gives seconds or a date; null where it gives neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined || header.trim() === "") return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/**
 * The pause after so many failed attempts. A named time is never undercut, unless it is past the rule's longest; all
 * pauses are spread, so that those who were refused together do not come back together.
 */
export function retryPauseMs(
  failed: number,
  toldMs: number | null,
  { rule, draws }: { rule: PauseRule; draws: Draws },
): number {
  const spread = draws.next();
  const own = rule.firstMs * rule.growth ** (failed - 1) * (0.5 + spread / 2);
  const wanted = toldMs === null ? own : Math.max(leastMs, toldMs) * (1 + spread / 10);
  return Math.round(Math.min(rule.maxMs, wanted));
}
