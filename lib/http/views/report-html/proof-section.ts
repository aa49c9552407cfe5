import type { VerdictShape } from "../../shapes/experiment.ts";
import type { PayBackShape } from "../../shapes/pay-back.ts";
import type { RunReport } from "../../shapes/report.ts";
import {
  percentWithInterval,
  pointsWithInterval,
  ratioWithInterval,
  usd,
  whole,
} from "./figures.ts";
import { html, type Markup } from "./markup.ts";

type Fact = readonly [name: string, value: string];

export function factList(facts: readonly Fact[]): Markup {
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${figure(value)}</dd></div>`)}</dl>`;
}

/** The interval stands below its figure, in a lighter hand. */
function figure(value: string): Markup {
  const at = value.indexOf(" (");
  return at < 0
    ? html`${value}`
    : html`${value.slice(0, at)}<span>${value.slice(at + 2).replace(/\)$/, "")}</span>`;
}

export function verdictFacts(verdict: VerdictShape): Fact[] {
  const { baselineSuccess, candidateSuccess, difference, controls } = verdict;
  const regressed = controls.filter(({ state }) => state === "regressed").length;
  return [
    ["Success before", percentWithInterval(baselineSuccess)],
    ["Success after", percentWithInterval(candidateSuccess)],
    ["Difference, paired", pointsWithInterval(difference)],
    ["p-value", `${small(verdict.pValue)} (${small(verdict.pValueHolm)} after Holm's correction)`],
    ["Cost per call", ratioWithInterval(verdict.costRatio)],
    ["Latency", ratioWithInterval(verdict.latencyRatio)],
    ["Controls regressed", `${regressed} of ${controls.length}`],
  ];
}

export function payBackFacts(payBack: PayBackShape | null): Fact[] {
  if (payBack === null) return [];
  const { callsToPayBack: calls, usdPerExtraSuccess: extra, horizonCalls } = payBack;
  return [
    [
      "Calls to pay back the search",
      calls.value === null
        ? "never (it is not cheaper)"
        : `${whole(calls.value)} (${bound(calls.low, whole)} to ${bound(calls.high, whole)})`,
    ],
    [
      `Cost of an extra success, over ${whole(horizonCalls)} calls`,
      extra.value === null
        ? "none (it does not succeed more often)"
        : `${usd(extra.value)} (${extra.low === null ? "no bound" : usd(extra.low)} to ${extra.high === null ? "no bound" : usd(extra.high)})`,
    ],
  ];
}

export function finalistSection({ finalists, winner }: RunReport): Markup {
  if (finalists.length === 0)
    return html`<h2>Finalists</h2><p class="dim">None was put to the proof.</p>`;
  return html`<h2>Finalists</h2>
<p class="dim">Each ran beside today's prompt on sealed rows, drawn at random, that search, proposer and examples never saw.</p>
${finalists.map(({ prompt, verdict, payBack }) =>
  verdict === null
    ? html`<h3>${prompt.version}</h3><p class="dim">The proof is under way or was cut off.</p>`
    : html`<h3>${prompt.version}: ${verdict.kind.replaceAll("-", " ")}</h3><p>${verdict.sentence}</p>${
        prompt.id === winner?.id
          ? null
          : factList([...verdictFacts(verdict), ...payBackFacts(payBack)])
      }${controlTable(verdict)}`,
)}`;
}

function controlTable({ controls }: VerdictShape): Markup | null {
  const notClear = controls.filter(({ state }) => state !== "clear");
  if (notClear.length === 0) return null;
  return html`<div class="scroll"><table><thead><tr><th>Control</th><th class="number">Passed</th><th class="number">Failed</th><th>State</th></tr></thead><tbody>${notClear.map(
    ({ externalId, passes, failures, state }) =>
      html`<tr><td>${externalId}</td><td class="number">${passes}</td><td class="number">${failures}</td><td>${state}</td></tr>`,
  )}</tbody></table></div>`;
}

function bound(value: number | null, show: (value: number) => string): string {
  return value === null ? "never" : show(value);
}

function small(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}
