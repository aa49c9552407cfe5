/** What a run depends on and others may change while it is under way: read once, at its beginning, and stored with it. */
import { z } from "zod";
import type { Database } from "#lib/db/client.ts";
import type { Optimization } from "#lib/db/optimizations.ts";
import { readStep, writeStep } from "#lib/db/search-records.ts";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { failedRuns, getRun, newestRunsOnRows } from "#lib/journal/runs.ts";
import { judgeStanding } from "#lib/judges/standing.ts";
import type { EvidenceRun } from "../evidence.ts";
import type { Measurement } from "../measurement.ts";
import type { JudgeStanding } from "../proof/prove.ts";
import { evidenceFromJournal } from "./evidence-from-trials.ts";
import { openRuns } from "./open-runs.ts";

const journalRunsMax = 200;
const knownRunsMax = 1_000;

const frozenStanding = z.object({ certified: z.boolean(), reason: z.string() }).nullable();

/** Where the judges of the suite stood when this run began: a certificate of later does not change a run that is under way. */
export async function frozenJudge(
  optimization: Optimization,
  db: Database,
  benchmarks: readonly Benchmark[],
): Promise<JudgeStanding | null> {
  const stored = await readStep(db, optimization.id, 0, "judges");
  const known = z.object({ standing: frozenStanding }).safeParse(stored);
  if (known.success) return known.data.standing;
  const { state, reason } = await judgeStanding(db, benchmarks);
  const standing = state === "no-judge" ? null : { certified: state === "certified", reason };
  await writeStep(db, optimization.id, 0, "judges", { standing });
  return standing;
}

const frozenRuns = z.object({
  journalRunIds: z.array(z.string()),
  knownRunIds: z.array(z.string()).default([]),
});

/**
 * The journal as it was when this run began, for a resumed run learns from the same: failed runs, and today's prompt on rows
 * of the suite.
 */
export async function frozenJournal(
  optimization: Optimization,
  db: Database,
): Promise<{ journalRuns: EvidenceRun[]; knownOutcomes: Measurement[] }> {
  if (optimization.config.evidence !== "journal") return { journalRuns: [], knownOutcomes: [] };
  const stored = frozenRuns.safeParse(await readStep(db, optimization.id, 0, "observe"));
  const ids = stored.success ? stored.data : await frozenRunIds(optimization, db);
  if (!stored.success) await writeStep(db, optimization.id, 0, "observe", ids);
  const load = async (runIds: readonly string[]) =>
    (await Promise.all(runIds.map((id) => getRun(db, id)))).flatMap((run) => run ?? []);
  const known = await load(ids.knownRunIds);
  return {
    journalRuns: (await load(ids.journalRunIds)).map(evidenceFromJournal),
    knownOutcomes: known.flatMap(({ benchmarkId, outcome, costUsd, latencyMs }) => {
      if (benchmarkId === null) return [];
      const success = outcome === "success";
      const score = success ? 1 : 0;
      const { incumbentId: promptId } = optimization;
      return [{ promptId, benchmarkId, repeat: 0, success, score, costUsd, latencyMs }];
    }),
  };
}

async function frozenRunIds({ agentType, incumbentId }: Optimization, db: Database) {
  // Half of a suite is sealed: twice as many runs leave about as many as are wanted.
  const failed = await failedRuns(db, agentType, 2 * journalRunsMax);
  const runs = (await openRuns(db, failed)).slice(0, journalRunsMax);
  const known = await newestRunsOnRows(db, incumbentId, knownRunsMax);
  return {
    journalRunIds: runs.map((run) => run.runId),
    knownRunIds: (await openRuns(db, known)).map((run) => run.runId),
  };
}
