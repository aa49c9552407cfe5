import { z } from "zod";

/** Null ends are unbounded. */
const openInterval = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

/** What adopting a candidate costs and when it has paid for its search, in USD. */
export const payBack = z
  .object({
    searchUsd: z.number(),
    baselineUsdPerCall: z.number(),
    candidateUsdPerCall: z.number(),
    /** A null value means never: the candidate is not cheaper. */
    callsToPayBack: openInterval,
    horizonCalls: z.int(),
    /** With the search spread over horizonCalls; null when the candidate does not succeed more often. */
    usdPerExtraSuccess: openInterval,
    n: z.int(),
  })
  .meta({ id: "PayBack" });
export type PayBackShape = z.infer<typeof payBack>;
