/** What a judge must show before verdicts may rest on it. */
import type { Anchor, AnchorKind, JudgeFigures } from "../domain/judge.ts";
import { anchorKinds } from "../domain/judge.ts";

/** Answers that people must have labelled. */
export const labelledAnswersMin = 50;
/** A judge that passes more than this share of the labelled answers tells nothing apart, whatever its kappa. */
export const passRateMax = 0.95;

export interface JudgeRequirements {
  /** The lower bound of kappa must reach it. */
  kappaMin: number;
}

const anchorNames: Readonly<Record<AnchorKind, string>> = {
  empty: "an empty answer",
  wrong: "a wrong answer",
  good: "a good answer",
};

/** What is missing, in sentences; empty for a judge that is certified. */
export function shortcomingsOf(figures: JudgeFigures, { kappaMin }: JudgeRequirements): string[] {
  const { labels, kappa, passRate, anchors } = figures;
  const found: string[] = [];
  if (labels.answers < labelledAnswersMin)
    found.push(`People have labelled ${labels.answers} of at least ${labelledAnswersMin} answers.`);
  if (kappa !== null && kappa.low < kappaMin)
    found.push(
      `Its agreement with people is kappa ${two(kappa.value)} (${two(kappa.low)} to ${two(kappa.high)}); the lower bound must reach ${two(kappaMin)}.`,
    );
  if (kappa === null && labels.answers > 0) found.push(withoutKappa(figures));
  if (passRate.n > 0 && passRate.value > passRateMax)
    found.push(
      `It passes ${Math.round(passRate.value * passRate.n)} of ${passRate.n} labelled answers: above ${passRateMax * 100} % it tells nothing apart, or the labels hold too few answers that fail.`,
    );
  for (const kind of anchorKinds) {
    const [first, ...others] = anchors.filter((one) => one.kind === kind && !one.right);
    if (first !== undefined) found.push(wordsFor(first, others.length));
  }
  for (const kind of anchorKinds)
    if (!anchors.some((one) => one.kind === kind))
      found.push(`${anchorNames[kind]} to try it on is not known: label one.`.replace(/^a/, "A"));
  return found;
}

function withoutKappa({ table }: JudgeFigures): string {
  const kind = table.both > 0 ? "fail" : "pass";
  return `The judge and people say the same of all labelled answers, so agreement beyond chance has no value: label answers that ${kind}, too.`;
}

function wordsFor({ kind, benchmark, passed, reason }: Anchor, others: number): string {
  const did = passed ? "passed" : kind === "good" ? "did not pass" : "gave no verdict on";
  const more = others === 0 ? "" : `, and erred on ${others} more of that kind`;
  return `It ${did} ${anchorNames[kind]} to "${benchmark}"${more}: ${reason}`;
}

function two(value: number): string {
  return value.toFixed(2);
}
