export type SprtState = "clear" | "regressed" | "undecided";

export interface SprtOptions {
  /** Pass rate of a control that still holds. */
  heldRate: number;
  /** Pass rate of a control that has regressed. */
  regressedRate: number;
  /** Chance to condemn a control that holds. */
  alpha: number;
  /** Chance to clear a control that has regressed. */
  beta: number;
}

const defaults: SprtOptions = { heldRate: 0.95, regressedRate: 0.6, alpha: 0.05, beta: 0.1 };

/**
 * Wald's sequential probability ratio test on one control (Wald 1945), read in the order of its trials; it stops at
 * the first decision. With the defaults: five straight passes clear, and two failures condemn unless at least three
 * passes preceded the second.
 */
export function sprt(outcomes: readonly boolean[], options: Partial<SprtOptions> = {}): SprtState {
  const { heldRate, regressedRate, alpha, beta } = { ...defaults, ...options };
  const pass = Math.log(regressedRate / heldRate);
  const fail = Math.log((1 - regressedRate) / (1 - heldRate));
  const upper = Math.log((1 - beta) / alpha);
  const lower = Math.log(beta / (1 - alpha));
  let ratio = 0;
  for (const passed of outcomes) {
    ratio += passed ? pass : fail;
    if (ratio >= upper) return "regressed";
    if (ratio <= lower) return "clear";
  }
  return "undecided";
}
