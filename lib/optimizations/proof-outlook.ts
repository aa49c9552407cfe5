/** What the proof of a run can show, told before a cent is spent. */
import type { ProofEntry } from "../db/proofs.ts";
import type { Benchmark } from "../domain/benchmark.ts";
import { alphaOfTest } from "../stats/online-fallback.ts";
import { rowsForGain, smallestExcludedDrop, smallestProvableGain } from "../stats/provable-gain.ts";
import {
  lookRows,
  looksOf,
  provableGroupsMin,
  type StagePlan,
  type SuiteFacts,
} from "./stage-plan.ts";

export interface ProofOutlook {
  /** Groups of the suite: benchmarks with different inputs. */
  groups: number;
  sealedGroups: number;
  /** Whether the suite has enough sealed groups to prove anything. */
  provable: boolean;
  /** Sealed benchmarks that this run's proof would take, each so often by each arm. */
  rows: number;
  repeats: number;
  /** Success today that the figures assume, and where it comes from. */
  todayRate: number;
  todayFrom: "proofs" | "journal" | "assumed";
  /** Smallest gain, as a share of 1, that the proof shows four times in five; null where none can be. */
  smallestGain: number | null;
  /** Groups that the suite would need for gains of 10 and 20 points; null where the rate leaves no room. */
  groupsForTenPoints: number | null;
  groupsForTwentyPoints: number | null;
  /** Smallest drop that the proof excludes four times in five where nothing changed but a tenth of the rows. */
  smallestExcludedDrop: number | null;
  /** Margin of the agent: a drop of more counts as worse. */
  margin: number;
  /** Which proof against this prompt it would be, and the share of the error it may spend. */
  ordinal: number;
  alpha: number;
  /** Sealed groups that no earlier proof against this prompt has opened. */
  freshGroups: number;
}

/** Chance of any false claim over all proofs against one incumbent. */
export const familyAlpha = 0.05;
/** Part of a proof's alpha that the claim of a gain gets; the rest is for lower cost. */
export const gainShare = 0.8;
/** Rows that change their outcome, as a share: unknown before, a tenth for an edit that hardly changes anything. */
const quietDiscordance = 0.1;

/** Power figures of the proof that `plan` describes. Sizes as shares of 1; at a power of 0.8. */
export function proofOutlook(input: {
  benchmarks: readonly Pick<Benchmark, "group" | "sealed">[];
  suite: SuiteFacts;
  plan: StagePlan;
  margin: number;
  proofs: readonly ProofEntry[];
  today: { rate: number; from: ProofOutlook["todayFrom"] };
}): ProofOutlook {
  const { suite, plan, proofs, today } = input;
  const provable = suite.sealedGroups >= provableGroupsMin;
  const alpha = alphaOfTest(
    proofs.map(({ alpha: spent, claimed }) => ({ alpha: spent, rejected: claimed === true })),
    familyAlpha,
  );
  const { rows, repeats } = plan.proof;
  const todayRate = Math.min(0.95, Math.max(0.05, today.rate));
  const designOf = (size: number) => ({
    alpha: alpha * gainShare,
    fractions: lookRows(size, looksOf(size)).map((measured) => measured / size),
  });
  const groupsFor = (gain: number) => {
    const needed = rowsForGain({ gain, repeats, todayRate, design: designOf(200) });
    // Half of a suite is sealed.
    return needed === null ? null : Math.max(needed, provableGroupsMin) * 2;
  };
  const canProve = provable && rows >= provableGroupsMin;
  const opened = new Set(proofs.flatMap(({ groupHashes }) => groupHashes));
  const sealed = new Set(input.benchmarks.filter((one) => one.sealed).map(({ group }) => group));
  return {
    groups: suite.learningGroups + suite.sealedGroups,
    sealedGroups: suite.sealedGroups,
    provable,
    rows,
    repeats,
    todayRate,
    todayFrom: today.from,
    smallestGain: canProve
      ? smallestProvableGain({ rows, repeats, todayRate, design: designOf(rows) })
      : null,
    groupsForTenPoints: groupsFor(0.1),
    groupsForTwentyPoints: groupsFor(0.2),
    smallestExcludedDrop: canProve
      ? smallestExcludedDrop({
          rows,
          repeats,
          discordance: quietDiscordance,
          design: designOf(rows),
        })
      : null,
    margin: input.margin,
    ordinal: proofs.length + 1,
    alpha,
    freshGroups: [...sealed].filter((group) => !opened.has(group)).length,
  };
}
