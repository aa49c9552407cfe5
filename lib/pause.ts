import { setTimeout as timer } from "node:timers/promises";

/** Waits `ms`, or until the signal aborts, whichever comes first; never throws. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // The only rejection is the abort itself, and that is one of the two ways to end.
  await timer(ms, undefined, { signal, ref: true }).catch(() => undefined);
}
