import type { CertificationResult, JudgeStanding } from "#lib/domain/judge.ts";
import { type JudgeReport, nameOf } from "#lib/judges/standing.ts";
import { percentWithInterval, printTable, usd } from "./output.ts";

/** Prints where the judges of a suite stand, and what a comparison just made cost. */
export function printStanding(
  suite: string,
  { state, reason }: JudgeStanding,
  reports: readonly JudgeReport[],
  made: CertificationResult | null,
): void {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  write(`${suite}: ${state === "no-judge" ? "no judge" : state}`);
  if (state !== "uncertified") write(reason);
  for (const report of reports) printJudge(report);
  if (made !== null)
    write(
      `Judging cost ${usd(made.costUsd)} for ${made.calls} calls; ${made.kept} verdicts were kept from before.`,
    );
}

function printJudge({ judge, labelledAnswers, figures, shortcomings }: JudgeReport): void {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  write(
    `\nJudge ${nameOf(judge)}, ${judge.benchmarks.length} benchmarks, ${labelledAnswers} labelled answers`,
  );
  for (const shortcoming of shortcomings) write(`- ${shortcoming}`);
  if (figures === null) return;
  const { kappa, sensitivity, specificity, passRate, table, labels, anchors, ungraded } = figures;
  const { both, judgeOnly, peopleOnly, neither } = table;
  const right = anchors.filter((anchor) => anchor.right).length;
  printTable(
    ["figure", "value"],
    [
      [
        "kappa",
        kappa === null
          ? "no value"
          : `${kappa.value.toFixed(2)} (${kappa.low.toFixed(2)} to ${kappa.high.toFixed(2)}, n = ${kappa.n}, as ${Math.round(kappa.effectiveN)} independent answers)`,
      ],
      ["passes what people pass", percentWithInterval(sensitivity)],
      ["fails what people fail", percentWithInterval(specificity)],
      ["passes in all", percentWithInterval(passRate)],
      [
        "both pass, judge only, people only, neither",
        `${both}, ${judgeOnly}, ${peopleOnly}, ${neither}`,
      ],
      ["without a verdict", ungraded],
      [
        "labels",
        `${labels.answers} answers to ${labels.questions} questions by ${labels.people} people; ${labels.disputed} disputed`,
      ],
      ["anchors right", `${right} of ${anchors.length}`],
    ],
  );
}
