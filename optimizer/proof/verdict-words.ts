/** A verdict in words: what decided it first, then the figures with their intervals and sample sizes. */
import type { Interval, Verdict, VerdictReason } from "#lib/domain/experiment.ts";
import { provableGroupsMin } from "#lib/optimizations/stage-plan.ts";
import { noFlipBound } from "#lib/stats/clustered-difference.ts";
import type { JudgeStanding } from "./prove.ts";

type Facts = Omit<Verdict, "sentence" | "cautions">;

/** The decision in one or two sentences. */
export function sentenceOf(facts: Facts, judge: JudgeStanding | null): string {
  const lead = `${leadOf(facts, judge)}.`;
  if (facts.proof === null) return `${lead}${controlSentence(facts)}`;
  return `${lead} ${figureSentence(facts)}${controlSentence(facts)}`;
}

function leadOf(facts: Facts, judge: JudgeStanding | null): string {
  const words: Readonly<Record<VerdictReason, () => string>> = {
    "gain-proven": () => "Better on sealed rows drawn at random",
    "cheaper-proven": () =>
      `Cheaper, and on sealed rows drawn at random not worse by ${points(facts.margin)} points or more`,
    "required-control-lost": () =>
      `Rejected: it fails the required ${list(lostRequired(facts))}, which today's prompt passes`,
    "required-control-open": () =>
      "Not decided: whether a required control still holds did not show within its runs",
    worse: () => "Not better: on sealed rows drawn at random it does worse than today's prompt",
    futile: () =>
      "Not decided: the proof ended early, since its remaining rows could hardly have shown a gain",
    "too-few-rows": () => "Not decided: the sealed rows neither show a gain nor exclude one",
    "suite-too-small": () =>
      `Not provable: the suite has fewer than ${provableGroupsMin} sealed rows, and a proof needs at least so many`,
    "judge-uncertified": () =>
      `Not decided: a judge scores the answers that nobody has certified (${judge?.reason ?? "no human labels"})`,
    "not-tried": () =>
      "Not tried: the finalist before it in the search's order was not proven, and its rows stay sealed",
    "earlier-rules": () => "Decided by the rules of version 0.1",
  };
  return words[facts.reason]();
}

function figureSentence({
  baselineSuccess,
  candidateSuccess,
  difference,
  proof,
  ...rest
}: Facts): string {
  const { level, pValue, costRatio, latencyRatio, rowsToDecide } = rest;
  const rates = `${percent(baselineSuccess.value)} → ${percent(candidateSuccess.value)}`;
  const interval = `${percent(level)} interval ${pointsRange(difference)} points`;
  const size = proof === null ? "" : `${proof.rows} sealed rows, ${proof.trials} trials`;
  const threshold = proof === null ? "" : ` (threshold ${small(proof.gainAlpha)})`;
  const more =
    rowsToDecide === null ? "" : ` About ${rowsToDecide} more sealed rows would probably decide.`;
  const cost = ratioWords(costRatio, "more expensive", "cheaper");
  const latency = ratioWords(latencyRatio, "slower", "faster");
  return `Success ${rates}: ${signed(difference.value)} points, ${interval}, p = ${small(pValue)}${threshold}; ${size}; ${cost}, ${latency}.${more}`;
}

/** Clear, regressed and undecided add up to all: an undecided control has not held. */
function controlSentence({ controls, visibleControlDrop }: Facts): string {
  if (controls.length === 0) return " No benchmark passed often enough to serve as a control.";
  const count = (state: Facts["controls"][number]["state"]) =>
    controls.filter((control) => control.state === state).length;
  const parts = [`${count("clear")} of ${controls.length} controls hold`];
  if (count("regressed") > 0) parts.push(`${count("regressed")} lost`);
  if (count("undecided") > 0) parts.push(`${count("undecided")} not decided`);
  const sees =
    visibleControlDrop === null
      ? "their runs are too few to show any drop"
      : `their runs would have shown a drop of ${points(visibleControlDrop)} points in one of them four times in five`;
  return ` ${parts.join(", ")}; ${sees}.`;
}

/** What a reviewer should doubt. */
export function cautionsOf(facts: Facts): string[] {
  const { proof, controls, targets, costRatio, latencyRatio } = facts;
  const cautions: string[] = [];
  if (proof !== null && proof.ordinal > 1)
    cautions.push(
      `${ordinalWord(proof.ordinal)} proof against this prompt: each spends of the same ${percent(0.05)} of error, so this one had to pass ${small(proof.gainAlpha)}. Fresh rows in the suite, or a new prompt in production, start a new ledger.`,
    );
  if (proof !== null && proof.won + proof.lost === 0 && proof.rows > 0)
    cautions.push(
      `No row flipped in ${proof.rows}: a change in more than ${(100 * noFlipBound(proof.rows)).toFixed(1)} % of rows is excluded, equality is not shown.`,
    );
  const lost = controls.filter(({ state, required }) => state === "regressed" && !required);
  if (lost.length > 0)
    cautions.push(
      `Sampled controls that it loses: ${list(lost.map(({ externalId }) => externalId))}. A better prompt loses some rows; the sealed rows decide.`,
    );
  if (targets !== null && facts.reason !== "not-tried")
    cautions.push(
      `On rows that today's prompt fails it went ${percent(targets.baselineSuccess.value)} → ${percent(targets.candidateSuccess.value)} (n = ${targets.candidateSuccess.n}). They were chosen because they fail, so part of that is luck.`,
    );
  if (controls.length === 0)
    cautions.push("No benchmark passed often enough to serve as a control.");
  if (costRatio.n > 0 && costRatio.low > 1)
    cautions.push("It costs more per run than today's prompt.");
  if (latencyRatio.n > 0 && latencyRatio.low > 1)
    cautions.push("It takes longer per run than today's prompt.");
  return cautions;
}

function lostRequired({ controls }: Facts): string[] {
  return controls
    .filter(({ required, state }) => required && state === "regressed")
    .map(({ externalId }) => externalId);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function ordinalWord(n: number): string {
  const words = ["First", "Second", "Third", "Fourth", "Fifth"];
  return words[n - 1] ?? `Number ${n}:`;
}

function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}

function points(value: number): string {
  return String(Math.round(value * 100));
}

function signed(value: number): string {
  const whole = Math.round(value * 100);
  return whole >= 0 ? `+${whole}` : `−${-whole}`;
}

function pointsRange({ low, high }: Interval): string {
  return `${signed(low)} to ${signed(high)}`;
}

function small(value: number): string {
  return value < 0.001 ? value.toExponential(0).replace("e-", " × 10^−") : value.toFixed(3);
}

function ratioWords(
  estimate: { value: number; low: number; high: number },
  more: string,
  less: string,
): string {
  if (estimate.low <= 1 && estimate.high >= 1) return `not clearly ${more} or ${less}`;
  const change = Math.round(Math.abs(estimate.value - 1) * 100);
  return `${change} % ${estimate.value > 1 ? more : less}`;
}
