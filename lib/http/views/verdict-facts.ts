/** The figures of a verdict by name, the same in the report's page and on the command line. */
import { chosenRowFigures, ordinalWords } from "#lib/domain/verdict-words.ts";
import type { VerdictShape } from "../shapes/experiment.ts";
import {
  percent,
  percentWithInterval,
  points,
  pointsWithInterval,
  ratioWithInterval,
  small,
  whole,
} from "./report-html/figures.ts";

export type Fact = readonly [name: string, value: string];

/** What a verdict rests on; of one without sealed rows, what the chosen rows showed. */
export function verdictFacts(verdict: VerdictShape): Fact[] {
  const { proof, level } = verdict;
  if (proof === null) return [...chosenFacts(verdict), ...controlFacts(verdict)];
  const { rows, rowsPlanned, trials, looks, looksPlanned, won, lost, smallestGain } = proof;
  return [
    ["Success before", percentWithInterval(verdict.baselineSuccess)],
    ["Success after", percentWithInterval(verdict.candidateSuccess)],
    ["Difference, paired", pointsWithInterval(verdict.difference, level)],
    ["p-value", `${small(verdict.pValueHolm)} (threshold ${small(proof.gainAlpha)})`],
    [
      "Sealed rows",
      `${whole(rows)} of ${whole(rowsPlanned)} (${whole(trials)} trials, look ${looks} of ${looksPlanned})`,
    ],
    ["Rows won and lost", `${won} and ${lost} (${Math.max(0, rows - won - lost)} the same)`],
    [
      "Smallest provable gain",
      smallestGain === null ? "none" : `${points(smallestGain)} (four times in five)`,
    ],
    [
      "Proof against this prompt",
      `${ordinalWords(proof.ordinal)} (${percentOf(proof.alpha)} of 5 % of error)`,
    ],
    ["Cost per call", ratioWithInterval(verdict.costRatio)],
    ["Latency", ratioWithInterval(verdict.latencyRatio)],
    ["Margin", `${Math.round(verdict.margin * 100)} points (a larger drop counts as worse)`],
    ...controlFacts(verdict),
    ...decidingFacts(verdict),
  ];
}

function chosenFacts(verdict: VerdictShape): Fact[] {
  const figures = chosenRowFigures(verdict);
  if (figures === null) return [];
  const { baselineSuccess, candidateSuccess } = figures;
  return [
    [
      "On rows chosen because they fail",
      `${percent(baselineSuccess.value)} → ${percent(candidateSuccess.value)} (n = ${candidateSuccess.n}; it proves nothing)`,
    ],
  ];
}

/** Clear, lost and undecided add up to all. */
function controlFacts({ controls, visibleControlDrop }: VerdictShape): Fact[] {
  if (controls.length === 0) return [["Controls", "none"]];
  const count = (state: VerdictShape["controls"][number]["state"]) =>
    controls.filter((control) => control.state === state).length;
  const required = controls.filter((control) => control.required).length;
  const sees =
    visibleControlDrop === null
      ? "no drop would have shown"
      : `a drop of ${Math.round(visibleControlDrop * 100)} points would have shown`;
  const parts = [
    `${count("clear")} of ${controls.length} hold`,
    ...(count("regressed") > 0 ? [`${count("regressed")} lost`] : []),
    ...(count("undecided") > 0 ? [`${count("undecided")} not decided`] : []),
  ];
  return [["Controls", `${parts.join(", ")} (${required} required; ${sees})`]];
}

function decidingFacts({ rowsToDecide }: VerdictShape): Fact[] {
  return rowsToDecide === null
    ? []
    : [["More rows that would decide", `about ${whole(rowsToDecide)} (sealed ones)`]];
}

function percentOf(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
