/** How often the group-sequential proof calls a candidate better, by rule, in one world. */
import type { Interval } from "#lib/domain/experiment.ts";
import { draw } from "#lib/random.ts";
import { boundedMeanTest } from "#lib/stats/bounded-mean-test.ts";
import { clusteredDifference } from "#lib/stats/clustered-difference.ts";
import { sequentialBounds } from "#lib/stats/group-sequential.ts";
import { mean } from "#lib/stats/mean.ts";
import { normalCdf } from "#lib/stats/normal.ts";
import type { PairedOutcomes } from "#lib/stats/permutation.ts";
import { signFlipTest } from "#lib/stats/sign-flip-test.ts";
import { wilsonInterval } from "#lib/stats/wilson.ts";
import { studentTail } from "./student-t.ts";
import type { World } from "./worlds.ts";

export const rules = ["signs", "interval", "signs+t", "signs+interval", "signs+bounded"] as const;
export type Rule = (typeof rules)[number];

export interface Cell {
  world: string;
  kind: World["kind"];
  gain: number;
  rows: number;
  runs: number;
  proven: (Interval & { rule: Rule; rate: number })[];
  /** Mean number of rows until the rule of signs and bounded mean stops. */
  meanRows: number;
}

export interface MeasureOptions {
  rows: number;
  runs: number;
  alpha: number;
  looks: number;
  seed: number;
}

export function measure(world: World, options: MeasureOptions): Cell {
  const { rows, runs, alpha, looks, seed } = options;
  const until = Array.from({ length: looks }, (_, i) => Math.round(((i + 1) * rows) / looks));
  const bounds = sequentialBounds({ alpha, fractions: until.map((count) => count / rows) });
  const counts = new Map<Rule, number>();
  let rowsUsed = 0;
  for (let run = 0; run < runs; run++) {
    const draws = draw(seed, "gate", world.name, rows, run);
    const pairs = Array.from({ length: rows }, () => world.drawRow(draws));
    const open = new Set<Rule>(rules);
    let used = rows;
    for (const [look, count] of until.entries()) {
      const bound = bounds[look] ?? Number.POSITIVE_INFINITY;
      for (const rule of provenBy(pairs.slice(0, count), bound, open)) {
        open.delete(rule);
        counts.set(rule, (counts.get(rule) ?? 0) + 1);
        if (rule === "signs+bounded") used = count;
      }
      if (open.size === 0) break;
    }
    rowsUsed += used;
  }
  return {
    world: world.name,
    kind: world.kind,
    gain: world.gain,
    rows,
    runs,
    proven: rules.map((rule) => {
      const count = counts.get(rule) ?? 0;
      return { rule, rate: count / runs, ...wilsonInterval(count, runs) };
    }),
    meanRows: rowsUsed / runs,
  };
}

/** The rules, among those still open, that call the candidate better at a look. */
function provenBy(pairs: readonly PairedOutcomes[], bound: number, open: Set<Rule>): Rule[] {
  const level = normalCdf(-bound);
  const signs = signFlipTest(pairs) <= level;
  const interval = clusteredDifference(pairs, bound).low > 0;
  const held: Record<Rule, boolean> = {
    signs,
    interval,
    "signs+t": signs && studentTest(pairs) <= level,
    "signs+interval": signs && interval,
    "signs+bounded": signs && boundedMeanTest(pairs) <= level,
  };
  return rules.filter((rule) => open.has(rule) && held[rule]);
}

/** One-sided p-value of Student's t on the differences of the clusters. */
function studentTest(pairs: readonly PairedOutcomes[]): number {
  const differences = pairs.map((pair) => mean(pair.candidate) - mean(pair.baseline));
  const n = differences.length;
  const value = mean(differences);
  const variance = differences.reduce((sum, d) => sum + (d - value) ** 2, 0) / (n - 1);
  if (value === 0) return 1;
  return studentTail(value / Math.sqrt(variance / n), n - 1);
}
