/** Whether verdicts about prompts may rest on the judges of their benchmarks. */
import { hasJudge, loadSuite } from "../db/benchmarks.ts";
import type { Executor } from "../db/client.ts";
import { newestCertification } from "../db/judge-certifications.ts";
import { loadJudgeLabels } from "../db/judge-labels.ts";
import type { Benchmark } from "../domain/benchmark.ts";
import type { JudgeFigures, JudgeStanding } from "../domain/judge.ts";
import { getSettings } from "../settings/settings.ts";
import { consensusOn } from "./consensus.ts";
import { judgesOf, type SuiteJudge } from "./judging.ts";
import { type JudgeRequirements, shortcomingsOf } from "./requirements.ts";

/** One judge of a suite with what speaks against it. */
export interface JudgeReport {
  judge: SuiteJudge;
  /** As people have labelled by now. */
  labelledAnswers: number;
  /** Of the newest certification; null where that did not know this judge. */
  figures: JudgeFigures | null;
  /** In sentences; empty for a judge that is certified. */
  shortcomings: string[];
}

/**
 * The one question of the gate: may a verdict rest on these benchmarks? They are all benchmarks of a run or some of
 * them; each must be judged by rules, or by a judge that is certified on its suite with this rubric and today's labels.
 */
export async function judgeStanding(
  db: Executor,
  benchmarks: readonly Benchmark[],
): Promise<JudgeStanding> {
  const reports: JudgeReport[] = [];
  for (const suite of new Set(benchmarks.map((one) => one.suite))) {
    const own = benchmarks.filter((one) => one.suite === suite);
    if (judgesOf(own).length > 0) reports.push(...(await judgeReports(db, suite, own)));
  }
  return standingOf(reports);
}

/** What is known of the judges of a suite, or of those among some of its benchmarks. */
export async function judgeReports(
  db: Executor,
  suite: string,
  some?: readonly Benchmark[],
): Promise<JudgeReport[]> {
  if (some === undefined && !(await hasJudge(db, suite))) return [];
  const whole = judgesOf(await loadSuite(db, suite));
  const asked = some === undefined ? whole : judgesOf(some);
  if (asked.length === 0) return [];
  const { judgeKappaMin: kappaMin } = await getSettings(db);
  const labels = await loadJudgeLabels(db, suite);
  const certification = await newestCertification(db, suite);
  return asked.map((judge) => {
    // Labels count for all that the judge judges in the suite, not for the asked benchmarks alone.
    const { answers, digest } = consensusOn(
      whole.find(({ key }) => key === judge.key) ?? judge,
      labels,
    );
    const figures =
      certification?.result?.judges.find(({ judgeKey }) => judgeKey === judge.key) ?? null;
    const shortcomings = shortcomingsBy({ judge, suite, figures, digest, kappaMin });
    return { judge, labelledAnswers: answers.length, figures, shortcomings };
  });
}

function shortcomingsBy({
  judge,
  suite,
  figures,
  digest,
  kappaMin,
}: Pick<JudgeReport, "judge" | "figures"> &
  JudgeRequirements & { suite: string; digest: string }): string[] {
  const again = `Run: genepool suites certify ${suite}`;
  if (figures === null)
    return [`It was never compared with people on the suite "${suite}". ${again}`];
  const known = new Set(figures.identities);
  if (!judge.identities.every((identity) => known.has(identity)))
    return [`A rubric has changed or is new since it was compared with people. ${again}`];
  if (figures.labels.digest !== digest)
    return [`People have labelled more or otherwise since it was compared with them. ${again}`];
  return shortcomingsOf(figures, { kappaMin });
}

/** The standing that several judges have together: that of the worst. */
export function standingOf(reports: readonly JudgeReport[]): JudgeStanding {
  if (reports.length === 0)
    return { state: "no-judge", reason: "No model judges: every grader is a rule.", kappa: null };
  const kappas = reports.flatMap(({ figures }) => figures?.kappa ?? []);
  const lowest = kappas.sort((a, b) => a.low - b.low)[0];
  const kappa =
    lowest === undefined || reports.some(({ figures }) => figures === null)
      ? null
      : { value: lowest.value, low: lowest.low, high: lowest.high, n: lowest.n };
  const faulty = reports.filter(({ shortcomings }) => shortcomings.length > 0);
  if (faulty.length === 0) {
    const names = reports.map(({ judge }) => nameOf(judge)).join(", ");
    const agreement =
      kappa === null
        ? ""
        : ` (kappa ${kappa.value.toFixed(2)}, ${kappa.low.toFixed(2)} to ${kappa.high.toFixed(2)}, ${kappa.n} answers)`;
    return {
      state: "certified",
      reason: `The judge ${names} agrees with people${agreement}.`,
      kappa,
    };
  }
  const reason = faulty
    .map(
      ({ judge, shortcomings }) =>
        `The judge ${nameOf(judge)} is not certified. ${shortcomings.join(" ")}`,
    )
    .join(" ");
  return { state: "uncertified", reason, kappa };
}

/** A judge as people know it. */
export function nameOf({ models }: Pick<SuiteJudge, "models">): string {
  return models.join(" with ");
}
