import type { PromptDiff } from "../../shapes/prompt.ts";
import type { RunReport } from "../../shapes/report.ts";
import { percent, whole } from "./figures.ts";
import { html, type Markup } from "./markup.ts";

/** Lines around a change that are shown for orientation. */
const contextLines = 2;
const fallenMost = 40;

export function lineageSection({ lineage, incumbent, winner }: RunReport): Markup {
  if (winner === null)
    return html`<h2>How the winner came about</h2><p class="dim">There is no winner: ${incumbent.version} stays.</p>`;
  return html`<h2>How ${winner.version} came about</h2>
<ol class="steps">${lineage.map(
    ({ prompt, operator, generation, message, diff, otherParents }) =>
      html`<li><strong>${prompt.version}</strong> ${operator === null ? html`<span class="dim">today's prompt</span>` : html`by ${words(operator)}${generation === null ? null : `, generation ${generation}`}${otherParents.length === 0 ? null : `, with ${otherParents.map(({ version }) => version).join(", ")}`}`}${operator === null ? null : html`<p class="dim">${message}</p>`}${diff === null ? null : diffBlock(diff)}</li>`,
  )}</ol>`;
}

export function diffBlock({ lines, parameters, toolsAdded, toolsRemoved }: PromptDiff): Markup {
  const settings = [
    ...parameters.map(
      ({ name, before, after }) => `${name}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
    ),
    ...toolsAdded.map((tool) => `tool added: ${tool}`),
    ...toolsRemoved.map((tool) => `tool removed: ${tool}`),
  ];
  const changed = lines.some(({ kind }) => kind !== "same");
  return html`${changed ? html`<pre>${lines.map(({ kind, text }, k) => partLines(kind, text, k === 0, k === lines.length - 1))}</pre>` : null}${settings.length === 0 ? null : html`<pre>${settings.join("\n")}</pre>`}`;
}

function partLines(
  kind: "same" | "added" | "removed",
  text: string,
  first: boolean,
  last: boolean,
): Markup[] {
  const lines = text.replace(/\n$/, "").split("\n");
  if (kind === "added") return lines.map((line) => html`<ins>${line}</ins>`);
  if (kind === "removed") return lines.map((line) => html`<del>${line}</del>`);
  const head = first ? [] : lines.slice(0, contextLines);
  const tail = last ? [] : lines.slice(Math.max(head.length, lines.length - contextLines));
  const left = lines.length - head.length - tail.length;
  const same = (line: string) => html`<span class="same">${line}</span>`;
  return [
    ...head.map(same),
    ...(left > 0 ? [same(`… ${left} ${left === 1 ? "line" : "lines"} as before`)] : []),
    ...tail.map(same),
  ];
}

export function triedSection({ tried }: RunReport): Markup {
  const { generations, operators, refused, fellOut } = tried;
  if (generations.length === 0)
    return html`<h2>What was tried</h2><p class="dim">No population was measured so far.</p>`;
  return html`<h2>What was tried</h2>
<div class="scroll"><table><thead><tr><th>Population</th><th class="number">Prompts</th><th class="number">Best estimate of the search</th><th class="number">Hypervolume</th></tr></thead><tbody>${generations.map(
    ({ number, prompts, bestSuccess, hypervolume }) =>
      html`<tr><td>${number === 0 ? "first" : `generation ${number}`}</td><td class="number">${prompts}</td><td class="number">${percent(bestSuccess)}</td><td class="number">${hypervolume.toFixed(3)}</td></tr>`,
  )}</tbody></table></div>
<h3>By operator</h3>
<div class="scroll"><table><thead><tr><th>Operator</th><th class="number">Measured</th><th class="number">Survived</th><th class="number">Left the race</th><th class="number">Refused</th></tr></thead><tbody>${operators.map(
    (one) =>
      html`<tr><td>${words(one.operator)}</td><td class="number">${one.made}</td><td class="number">${one.survived}</td><td class="number">${one.leftTheRace}</td><td class="number">${one.refused}</td></tr>`,
  )}</tbody></table></div>
<h3>Refused before money was spent</h3>
${
  refused.length === 0
    ? html`<p class="dim">Nothing was refused by the guards.</p>`
    : html`<div class="scroll"><table><thead><tr><th>Population</th><th>Operator</th><th>Guard</th><th>Reason</th></tr></thead><tbody>${refused.map(
        ({ generation, operator, guard, reason }) =>
          html`<tr><td>${generation}</td><td class="nowrap">${words(operator)}</td><td class="nowrap">${words(guard)}</td><td>${reason}</td></tr>`,
      )}</tbody></table></div>`
}
<h3>Measured and dropped</h3>
${
  fellOut.length === 0
    ? html`<p class="dim">Nothing was dropped.</p>`
    : html`<div class="scroll"><table><thead><tr><th>Version</th><th>Operator</th><th>Reason</th></tr></thead><tbody>${fellOut
        .slice(0, fallenMost)
        .map(
          ({ prompt, operator, reason }) =>
            html`<tr><td class="nowrap">${prompt.version}</td><td class="nowrap">${operator === null ? null : words(operator)}</td><td>${reason}</td></tr>`,
        )}</tbody></table></div>${fellOut.length > fallenMost ? html`<p class="dim">${whole(fellOut.length - fallenMost)} more stand in the report as JSON.</p>` : null}`
}`;
}

function words(name: string): string {
  return name.replaceAll("-", " ");
}
