import { verdictKindWords, verdictReasonWords } from "#lib/domain/verdict-words.ts";
import type { VerdictShape } from "../../shapes/experiment.ts";
import type { PayBackShape } from "../../shapes/pay-back.ts";
import type { RunReport } from "../../shapes/report.ts";
import { type Fact, verdictFacts } from "../verdict-facts.ts";
import { percent, percentWithInterval, usd, whole } from "./figures.ts";
import { html, type Markup } from "./markup.ts";

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

export function payBackFacts(payBack: PayBackShape | null): Fact[] {
  if (payBack === null) return [];
  const { callsToPayBack: calls, usdPerExtraSuccess: extra, horizonCalls } = payBack;
  return [
    [
      "Calls to pay back",
      calls.value === null
        ? "never (it is not cheaper)"
        : `${whole(calls.value)} (${bound(calls.low, whole)} to ${bound(calls.high, whole)})`,
    ],
    [
      "Cost of one more success",
      extra.value === null
        ? "none (it does not succeed more often)"
        : `${usd(extra.value)} (over ${whole(horizonCalls)} calls; ${extra.low === null ? "no bound" : usd(extra.low)} to ${extra.high === null ? "no bound" : usd(extra.high)})`,
    ],
  ];
}

/** The winner, or else the first finalist, beside what luck alone would have shown. */
export function luckSection({
  searchedTwice,
  winner,
  finalists,
  incumbent,
}: RunReport): Markup | null {
  if (searchedTwice === null) return null;
  const [first] = finalists;
  const shown = winner ?? (first === undefined ? null : { ...first.prompt, ...first });
  const { mean, low, high, prompts, rows, trials } = searchedTwice;
  const proven = shown?.verdict?.proof == null ? null : shown.verdict;
  const lines: [string, string, string][] = [
    ...(shown === null || proven === null
      ? []
      : ([
          [
            `${shown.version}, confirmed`,
            percentWithInterval(proven.candidateSuccess),
            "sealed rows, after the search",
          ],
          [
            `Today's ${incumbent.version}, confirmed`,
            percentWithInterval(proven.baselineSuccess),
            "the same rows, side by side",
          ],
        ] satisfies [string, string, string][])),
    ...(shown === null || shown.searched === null
      ? []
      : ([
          [
            `${shown.version}, as the search saw it`,
            percentWithInterval(shown.searched),
            "the best of many: partly luck",
          ],
        ] satisfies [string, string, string][])),
    [
      "The incumbent, searched twice",
      `${percent(mean)} (${Math.round(low * 100)}–${Math.round(high * 100)})`,
      `the best of ${whole(prompts)} prompts that are all as good as today's, by resampling its ${whole(trials)} trials on ${whole(rows)} learning rows`,
    ],
  ];
  return html`<h2>${winner === null ? "What luck alone would have shown" : "The winner beside luck"}</h2>
<div class="scroll"><table><thead><tr><th>Prompt</th><th class="number">Success</th><th>From</th></tr></thead><tbody>${lines.map(
    ([name, value, from]) =>
      html`<tr><th scope="row" class="nowrap">${name}</th><td class="number">${value}</td><td class="dim">${from}</td></tr>`,
  )}</tbody></table></div>
<p class="dim">A search's estimate below or near the last row is what a search among equals shows anyway. No trial was ordered for it.</p>`;
}

export function finalistSection({ finalists, winner }: RunReport): Markup {
  if (finalists.length === 0)
    return html`<h2>Finalists</h2><p class="dim">None was put to the proof.</p>`;
  return html`<h2>Finalists</h2>
<p class="dim">Each ran beside today's prompt on sealed rows, drawn at random, that search, proposer and examples never saw. They are tried in the search's order, and the first that is not proven ends it.</p>
${finalists.map(({ prompt, verdict, payBack }) =>
  verdict === null
    ? html`<h3>${prompt.version}</h3><p class="dim">The proof is under way or was cut off.</p>`
    : html`<h3>${prompt.version}: ${verdictKindWords[verdict.kind]}</h3><p>${verdictReasonWords[verdict.reason]}.</p>${
        prompt.id === winner?.id
          ? null
          : factList([
              ...verdictFacts(verdict),
              ...(verdict.proof === null ? [] : payBackFacts(payBack)),
            ])
      }${controlTable(verdict)}<details><summary>The verdict as it was written down</summary><p>${verdict.sentence}</p></details>`,
)}`;
}

const stateWords = { clear: "holds", regressed: "lost", undecided: "not decided" } as const;

function controlTable({ controls }: VerdictShape): Markup | null {
  if (controls.length === 0) return null;
  return html`<div class="scroll"><table><thead><tr><th>Control</th><th>Kind</th><th class="number">Passes today</th><th class="number">Passed</th><th class="number">Failed</th><th>State</th></tr></thead><tbody>${controls.map(
    ({ externalId, required, todayRate, passes, failures, state }) =>
      html`<tr><td>${externalId}</td><td>${required ? "required" : "sampled"}</td><td class="number">${percent(todayRate)}</td><td class="number">${passes}</td><td class="number">${failures}</td><td class="${state}">${stateWords[state]}</td></tr>`,
  )}</tbody></table></div>`;
}

function bound(value: number | null, show: (value: number) => string): string {
  return value === null ? "never" : show(value);
}
