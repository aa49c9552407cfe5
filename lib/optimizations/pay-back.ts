import type { Estimate, Verdict } from "../domain/experiment.ts";

/** A figure with its 95 % interval; null ends are unbounded. */
export interface OpenInterval {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** What adopting a candidate costs and when it has paid for the search that found it. All money in USD. */
export interface PayBack {
  searchUsd: number;
  baselineUsdPerCall: number;
  candidateUsdPerCall: number;
  /**
   * Calls until what the candidate saves equals the search; a null value means never, since it is not cheaper, a null
   * high end that the interval does not exclude never.
   */
  callsToPayBack: OpenInterval;
  /** Calls that the search is spread over in `usdPerExtraSuccess`. */
  horizonCalls: number;
  /**
   * What one more success costs: the dearer call plus this call's part of the search, over the gain in success; negative
   * when the cheaper calls more than pay for it. Null when the candidate does not succeed more often.
   */
  usdPerExtraSuccess: OpenInterval;
  /** Number of benchmarks that the figures are paired over. */
  n: number;
}

const horizonCalls = 10_000;

/**
 * Break-even of a proven candidate: searchUsd / (USD per call before − after), with the ends that the interval of the
 * cost ratio gives; and USD per extra success with the interval of the difference. `baselineUsdPerCall` is the mean of
 * the confirmation's own trials of today's prompt.
 */
export function payBackOf(input: {
  searchUsd: number;
  baselineUsdPerCall: number;
  verdict: Pick<Verdict, "costRatio" | "difference">;
}): PayBack {
  const { searchUsd, baselineUsdPerCall, verdict } = input;
  const { costRatio, difference } = verdict;
  const callsAt = (ratio: number) =>
    ratio < 1 && baselineUsdPerCall > 0
      ? wholeCalls(searchUsd / (baselineUsdPerCall * (1 - ratio)))
      : null;
  return {
    searchUsd,
    baselineUsdPerCall,
    candidateUsdPerCall: baselineUsdPerCall * costRatio.value,
    callsToPayBack: {
      value: callsAt(costRatio.value),
      low: callsAt(costRatio.low),
      high: callsAt(costRatio.high),
    },
    horizonCalls,
    usdPerExtraSuccess: perExtraSuccess(
      searchUsd / horizonCalls + baselineUsdPerCall * (costRatio.value - 1),
      difference,
    ),
    n: difference.n,
  };
}

/** The more it gains, the less (or, with savings, the less saved) each extra success costs; no gain has no such figure. */
function perExtraSuccess(extraUsdPerCall: number, difference: Estimate): OpenInterval {
  const at = (gain: number) => (gain > 0 ? extraUsdPerCall / gain : null);
  const value = at(difference.value);
  if (value === null) return { value: null, low: null, high: null };
  const ends = [at(difference.high), at(difference.low)] as const;
  return extraUsdPerCall >= 0
    ? { value, low: ends[0], high: ends[1] }
    : { value, low: ends[1], high: ends[0] };
}

/** Rounded up, but not for the last bit of a float. */
function wholeCalls(calls: number): number {
  return Math.ceil(calls - 1e-6 * calls);
}
