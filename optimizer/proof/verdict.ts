/**
 * The verdict on a finalist. Success, cost and latency are those of the sealed rows alone; the regression run protects,
 * and says nothing of the population of rows. "Inconclusive" is a verdict, and every verdict names what decided it.
 */
import type { Estimate, Verdict, VerdictKind, VerdictReason } from "#lib/domain/experiment.ts";
import { provableGroupsMin, type StagePlan } from "#lib/optimizations/stage-plan.ts";
import { rowsForGain, smallestProvableGain } from "#lib/stats/provable-gain.ts";
import type { FinalistEvidence, JudgeStanding } from "./prove.ts";
import { levelsOf, lookFractions, showsCheaperEqual } from "./sealed-evidence.ts";
import { cautionsOf, sentenceOf } from "./verdict-words.ts";

export interface VerdictContext {
  /** Which proof against this incumbent it is; null where the ledger was not needed. */
  ordinal: number | null;
  /** What the proof may spend of the error budget. */
  alpha: number;
  plan: StagePlan["proof"];
  /** Corrected for prompts that were tested side by side; the plain p-value in a sequence. */
  pValueHolm: number;
  /** Prompts tested side by side; 1 in a sequence. */
  sideBySide: number;
  sealedGroups: number;
  margin: number;
  judge: JudgeStanding | null;
}

const notMeasured: Estimate = { value: 0, low: 0, high: 1, n: 0 };
const noDifference: Estimate = { value: 0, low: -1, high: 1, n: 0 };
const noRatio: Estimate = { value: 1, low: 0, high: Number.MAX_VALUE, n: 0 };

/** Decides on one finalist from all that was measured of it. */
export function verdictOf(found: FinalistEvidence, context: VerdictContext): Verdict {
  const { sealed, controls, targets, visibleControlDrop } = found;
  const { kind, reason } = decide(found, context);
  const levels = levelsOf(context.alpha / context.sideBySide);
  const evidence = sealed?.evidence;
  const facts = {
    kind,
    reason,
    baselineSuccess: evidence?.baselineSuccess ?? notMeasured,
    candidateSuccess: evidence?.candidateSuccess ?? notMeasured,
    difference: evidence?.difference ?? noDifference,
    level: 1 - 2 * levels.gainAlpha,
    pValue: sealed?.pValue ?? 1,
    pValueHolm: context.pValueHolm,
    costRatio: evidence?.costRatio ?? noRatio,
    latencyRatio: evidence?.latencyRatio ?? noRatio,
    margin: context.margin,
    proof: sealed === null ? null : proofFacts(sealed, context),
    targets,
    controls,
    visibleControlDrop,
    rowsToDecide: kind === "inconclusive" ? rowsToDecide(found, context) : null,
  };
  return {
    ...facts,
    sentence: sentenceOf(facts, context.judge),
    cautions: cautionsOf(facts),
  };
}

interface Decision {
  kind: VerdictKind;
  reason: VerdictReason;
}

function decide({ sealed, controls }: FinalistEvidence, context: VerdictContext): Decision {
  const required = controls.filter((control) => control.required);
  if (required.some(({ state }) => state === "regressed"))
    return { kind: "reject", reason: "required-control-lost" };
  if (context.sealedGroups < provableGroupsMin)
    return { kind: "inconclusive", reason: "suite-too-small" };
  if (sealed === null) return { kind: "inconclusive", reason: "not-tried" };
  const claim = claimOf(sealed, context);
  if (claim === null) return withoutClaim(sealed, context);
  // What may have been lost is not promoted: a required control says so by passing, not by failing to fail.
  if (required.some(({ state }) => state === "undecided"))
    return { kind: "inconclusive", reason: "required-control-open" };
  if (context.judge !== null && !context.judge.certified)
    return { kind: "inconclusive", reason: "judge-uncertified" };
  return claim;
}

function claimOf(
  { evidence, shown }: NonNullable<FinalistEvidence["sealed"]>,
  { alpha, pValueHolm, sideBySide, margin }: VerdictContext,
): Decision | null {
  const gains =
    sideBySide > 1
      ? pValueHolm <= levelsOf(alpha).gainAlpha && evidence.difference.value > 0
      : shown;
  if (gains) return { kind: "promote-eligible", reason: "gain-proven" };
  return showsCheaperEqual(evidence, margin)
    ? { kind: "cheaper-equal", reason: "cheaper-proven" }
    : null;
}

function withoutClaim(
  { evidence, looks }: NonNullable<FinalistEvidence["sealed"]>,
  { plan }: VerdictContext,
): Decision {
  if (evidence.difference.high < 0) return { kind: "reject", reason: "worse" };
  const reason = looks < plan.looks ? "futile" : "too-few-rows";
  return { kind: "inconclusive", reason };
}

function proofFacts(
  { evidence, looks }: NonNullable<FinalistEvidence["sealed"]>,
  { ordinal, alpha, plan, sideBySide }: VerdictContext,
): NonNullable<Verdict["proof"]> {
  const { gainAlpha } = levelsOf(alpha / sideBySide);
  const design = { alpha: gainAlpha, fractions: lookFractions(plan) };
  return {
    rows: evidence.difference.n,
    rowsPlanned: plan.rows,
    trials: evidence.trials,
    looks,
    looksPlanned: plan.looks,
    ordinal: ordinal ?? 1,
    alpha,
    gainAlpha,
    won: evidence.won,
    lost: evidence.lost,
    smallestGain: smallestProvableGain({
      rows: plan.rows,
      repeats: plan.repeats,
      todayRate: evidence.baselineSuccess.value,
      discordance: discordanceOf(evidence),
      design,
    }),
  };
}

/** Rows that differ between the arms, as a share; a flip is added for luck, so that no flip is not "never". */
function discordanceOf({
  won,
  lost,
  difference,
}: {
  won: number;
  lost: number;
  difference: Estimate;
}) {
  return (won + lost + 1) / (difference.n + 2);
}

/** More sealed rows until a gain as large as the one seen would show with a power of 0.8; null without a gain. */
function rowsToDecide({ sealed }: FinalistEvidence, context: VerdictContext): number | null {
  if (sealed === null) return null;
  const { evidence } = sealed;
  const gain = evidence.difference.value;
  if (gain <= 0) return null;
  const design = {
    alpha: levelsOf(context.alpha / context.sideBySide).gainAlpha,
    fractions: lookFractions(context.plan),
  };
  const rows = rowsForGain({
    gain,
    repeats: context.plan.repeats,
    todayRate: evidence.baselineSuccess.value,
    discordance: discordanceOf(evidence),
    design,
  });
  return rows === null ? null : Math.max(1, rows - evidence.difference.n);
}
