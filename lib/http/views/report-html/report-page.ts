import { insightDetail } from "#lib/domain/insight.ts";
import { verdictKindWords, verdictReasonWords } from "#lib/domain/verdict-words.ts";
import type { VerdictShape } from "../../shapes/experiment.ts";
import type { RunReport } from "../../shapes/report.ts";
import { verdictFacts } from "../verdict-facts.ts";
import { duration, moment, percent, pointsWithInterval, usd, whole } from "./figures.ts";
import { frontFigure } from "./front-figure.ts";
import { html, type Markup } from "./markup.ts";
import { factList, finalistSection, luckSection, payBackFacts } from "./proof-section.ts";
import { reportStyle } from "./style.ts";
import { lineageSection, triedSection } from "./way-section.ts";

/** The report as one page without scripts or anything from elsewhere; every text of the run is escaped. */
export function reportPage(report: RunReport): string {
  const { optimization, incumbent } = report;
  const isSearch = optimization.proves.length === 0;
  const title = `${isSearch ? "Optimization" : "Proof of prompts"} of ${optimization.agentType}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} ${incumbent.version}: report</title>
${reportStyle}
</head>
<body>
<main>
<h1>${title}</h1>
<p class="dim">${headline(report)}</p>
${verdictSection(report)}
${cautionList(report.cautions)}
${factSection(report)}
${luckSection(report)}
${isSearch ? html`<h2>Front before and after</h2>${frontFigure(report)}` : null}
${lineageSection(report)}
${finalistSection(report)}
${isSearch ? triedSection(report) : null}
${isSearch ? causesSection(report) : null}
${spendingSection(report)}
${repeatSection(report)}
<footer>Genepool, run <code>${optimization.id}</code>. Intervals are 95&nbsp;% where nothing else is said; those of cost and latency are wider, since both claims share a proof's error.</footer>
</main>
</body>
</html>
`.text;
}

function headline({ optimization, incumbent }: RunReport): string {
  const { createdBy, createdAt, startedAt, finishedAt, finished, state } = optimization;
  const { simulated, proposerSimulated } = optimization;
  const took =
    startedAt === null || finishedAt === null
      ? ""
      : ` after ${duration(Date.parse(finishedAt) - Date.parse(startedAt))} and ${whole(optimization.trials)} trials of at most ${whole(optimization.calls)}`;
  const end =
    finished && finishedAt !== null
      ? `${state} ${moment(finishedAt)}${took}`
      : `unfinished: ${state === "queued" ? "waiting to begin" : "under way"}`;
  const versions = optimization.proves.map(({ version }) => version).join(", ");
  const what = versions === "" ? "From" : `${versions} against`;
  const by = simulated
    ? ", simulated model"
    : proposerSimulated
      ? ", proposals by a simulated model"
      : "";
  return `${what} ${incumbent.version}, asked for by ${createdBy} ${moment(createdAt)}, ${end}${by}.`;
}

function cautionList(cautions: readonly string[]): Markup | null {
  if (cautions.length === 0) return null;
  return html`<ul class="cautions" aria-label="Cautions">${cautions.map((line) => html`<li>${line}</li>`)}</ul>`;
}

/** What was decided, its reason first. */
function verdictSection(report: RunReport): Markup {
  const { winner, finalists } = report;
  if (winner === null)
    return html`${nothingProven(report)}${finalists.map(({ prompt, verdict }) =>
      verdict === null
        ? null
        : html`<p class="reason"><strong>${prompt.version}</strong> ${verdictKindWords[verdict.kind].toLowerCase()}: ${verdictReasonWords[verdict.reason]}.${figureWords(verdict)}</p>`,
    )}`;
  const { verdict, version } = winner;
  return html`<p class="verdict"><span class="kind">${verdictKindWords[verdict.kind]}</span> <strong>${version}</strong>: ${verdictReasonWords[verdict.reason]}.${figureWords(verdict)}</p>`;
}

function factSection({ winner }: RunReport): Markup | null {
  if (winner === null) return null;
  return factList([...verdictFacts(winner.verdict), ...payBackFacts(winner.payBack)]);
}

function nothingProven({ optimization, incumbent }: RunReport): Markup {
  if (!optimization.finished)
    return html`<p class="verdict">The run has no result yet. ${incumbent.version} stays in use.</p>`;
  return html`<p class="verdict"><strong>Nothing was proven better than ${incumbent.version}</strong>, which stays in use.</p>
<p class="dim">${optimization.outcome ?? ""}</p>`;
}

function figureWords({
  proof,
  baselineSuccess,
  candidateSuccess,
  difference,
  level,
}: VerdictShape): string {
  if (proof === null) return "";
  return ` Success ${percent(baselineSuccess.value)} → ${percent(candidateSuccess.value)} on ${proof.rows} sealed rows: ${pointsWithInterval(difference, level)}.`;
}

function causesSection({ insights, coach }: RunReport): Markup {
  const causes = insights
    .slice(0, 8)
    .map(
      ({ statement, signature, share, count, failedRuns, evidence }) =>
        html`<li>${statement}${insightDetail({ signature })} <span class="dim">${percent(share)} of failed runs (${count} of ${failedRuns})</span>${evidence
          .slice(0, 1)
          .map(({ quote }) => html`<blockquote>${quote}</blockquote>`)}</li>`,
    );
  return html`<h2>Why runs failed</h2>
${causes.length === 0 ? html`<p class="dim">No causes were found.</p>` : html`<ol class="steps">${causes}</ol>`}
${
  coach === null
    ? null
    : html`<h3>The coach's finding</h3><p>${coach.reason}</p><p class="dim">Prompt to tune: ${coach.tune}${coach.section === null ? "" : `, its ${coach.section}`}. ${Object.entries(
        coach.tallies,
      )
        .map(([fault, n]) => `${fault.replaceAll("-", " ")}: ${n}`)
        .join(", ")}.</p>`
}`;
}

const roleWords: Readonly<Record<string, string>> = {
  task: "Trials of prompts (task)",
  proposer: "Writing prompts (proposer)",
  sanity: "Checking prompts (sanity)",
  judge: "Judging answers (judge)",
};

function spendingSection({ spending, repeat, optimization }: RunReport): Markup {
  const { roles, totalUsd, confirmationUsd, keptForConfirmationUsd, foundTrials } = spending;
  const kept =
    keptForConfirmationUsd === null
      ? ""
      : ` ${usd(keptForConfirmationUsd)} is kept for the proof of the finalists.`;
  const found =
    foundTrials === 0 ? "" : ` ${whole(foundTrials)} trials were found and not paid again.`;
  return html`<h2>Spending${optimization.simulated ? " (simulated prices, nothing billed)" : ""}</h2>
<div class="scroll"><table><thead><tr><th>Role</th><th class="number">Calls</th><th class="number">USD</th></tr></thead><tbody>
${roles.map(({ role, calls, spentUsd }) => html`<tr><td>${roleWords[role] ?? role}</td><td class="number">${whole(calls)}</td><td class="number">${usd(spentUsd)}</td></tr>`)}
<tr><th scope="row">Together</th><td></td><td class="number"><strong>${usd(totalUsd)}</strong></td></tr>
</tbody></table></div>
<p class="dim">${usd(confirmationUsd)} of it went into the proof of the finalists. The cap was ${usd(repeat.config.budget.runCapUsd)}.${kept}${found}</p>`;
}

function repeatSection({ repeat, incumbent, optimization }: RunReport): Markup {
  const { command, settingsBeside, configHash, models, companions, suite, seed } = repeat;
  const rows: [string, Markup | string][] = [
    ["Seed", String(seed)],
    ["Configuration", html`<code>${configHash}</code>`],
    [
      "Prompt",
      html`${optimization.agentType} ${incumbent.version} <code>${incumbent.contentHash}</code>`,
    ],
    ...companions.map((one): [string, Markup] => [
      `Beside it: ${one.agentType}`,
      html`${one.version}, ${models.companions[one.agentType] ?? ""} <code>${one.contentHash}</code>`,
    ]),
    ["Models", `agent ${models.agent}, proposer ${models.proposer}, sanity ${models.sanity}`],
    ["Suite", html`${suite.name}, ${suite.benchmarks} benchmarks <code>${suite.hash}</code>`],
  ];
  return html`<h2>How to repeat it</h2>
<pre>${command}</pre>
${settingsBeside.length === 0 ? null : html`<p class="dim">Set beside the command, by the API: ${settingsBeside.join("; ")}.</p>`}
<div class="scroll"><table><tbody>${rows.map(([name, value]) => html`<tr><th scope="row" class="nowrap">${name}</th><td>${value}</td></tr>`)}</tbody></table></div>
<p class="dim">With a simulated model an equal seed gives an equal run. With a real one the draws of the search are equal and the answers are the model's.</p>`;
}
