import { z } from "zod";
import type { Verdict } from "#lib/domain/experiment.ts";

const estimate = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.number() });

/** What version 0.1 stored: figures of rows that were chosen because today's prompt failed them. */
const earlierVerdict = z.object({
  kind: z.enum(["promote-eligible", "cheaper-equal", "inconclusive", "reject"]),
  sentence: z.string(),
  baselineSuccess: estimate,
  candidateSuccess: estimate,
  difference: estimate,
  pValue: z.number(),
  pValueHolm: z.number(),
  costRatio: estimate,
  latencyRatio: estimate,
  controls: z.array(
    z.object({
      benchmarkId: z.string(),
      externalId: z.string(),
      passes: z.int(),
      failures: z.int(),
      state: z.enum(["clear", "regressed", "undecided"]),
    }),
  ),
  cautions: z.array(z.string()),
});

const earlierCaution =
  "Decided by the rules of version 0.1, on rows chosen because today's prompt failed them: part of the difference is luck. Prove it again: genepool prompts prove.";

/** A verdict as it was stored, of version 0.1 too. */
export function readVerdict(stored: unknown): Verdict | null {
  if (stored === null || stored === undefined) return null;
  if (typeof stored === "object" && "reason" in stored) {
    // Written by finishExperiment only, from a typed verdict.
    return stored as Verdict;
  }
  const earlier = earlierVerdict.parse(stored);
  return {
    ...earlier,
    reason: "earlier-rules",
    level: 0.95,
    margin: 0.05,
    proof: null,
    targets: {
      baselineSuccess: earlier.baselineSuccess,
      candidateSuccess: earlier.candidateSuccess,
    },
    controls: earlier.controls.map((control) => ({ ...control, required: false, todayRate: 1 })),
    visibleControlDrop: null,
    rowsToDecide: null,
    cautions: [earlierCaution, ...earlier.cautions],
  };
}
