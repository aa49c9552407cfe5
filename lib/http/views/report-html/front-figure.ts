import type { IndividualShape } from "../../shapes/optimization.ts";
import type { RunReport } from "../../shapes/report.ts";
import { percent, usd } from "./figures.ts";
import { html, type Markup } from "./markup.ts";

const size = { width: 720, height: 330, left: 62, right: 36, top: 14, bottom: 48 };
const plot = {
  width: size.width - size.left - size.right,
  height: size.height - size.top - size.bottom,
};

interface Scale {
  ticks: number[];
  at: (value: number) => number;
}

/** Success over cost per call of the first and the last front, as an image without scripts. */
export function frontFigure({ front, winner }: RunReport): Markup {
  const all = [...front.before, ...front.after];
  if (all.length === 0)
    return html`<p class="dim">No population was measured so far, so there is no front to draw.</p>`;
  const costs = all.map(({ objectives }) => objectives.costUsd);
  const x = scaleOf([Math.min(...costs), Math.max(...costs)], size.left, plot.width);
  const rates = all.flatMap(({ objectives, success }) => [
    objectives.successRate,
    success.low,
    success.high,
  ]);
  const y = scaleOf(
    [Math.min(...rates), Math.max(...rates)],
    size.height - size.bottom,
    -plot.height,
    1,
  );
  return html`<figure>
<div class="scroll"><svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="front-title front-words">
<title id="front-title">Front before and after</title>
<desc id="front-words">${frontWords(front)}</desc>
${x.ticks.map(
  (tick) =>
    html`<text class="tick" x="${x.at(tick)}" y="${size.height - size.bottom + 18}" text-anchor="middle">${tick === 0 ? "$0" : usd(Number(tick.toPrecision(3)))}</text>`,
)}
${y.ticks.map(
  (tick) =>
    html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text class="tick" x="${size.left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${percent(tick)}</text>`,
)}
<line class="axis" x1="${size.left}" x2="${size.width - size.right}" y1="${size.height - size.bottom}" y2="${size.height - size.bottom}"/>
<text class="label" x="${size.left + plot.width / 2}" y="${size.height - 8}" text-anchor="middle">Cost per call (USD)</text>
<text class="label" x="14" y="${size.top + plot.height / 2}" text-anchor="middle" transform="rotate(-90 14 ${size.top + plot.height / 2})">Success (%)</text>
${front.before.map((one) => mark(one, { x, y }, "before", null))}
${front.after.map((one) => mark(one, { x, y }, "after", winner?.id ?? null))}
</svg></div>
<figcaption><span class="key before"></span>first population <span class="key after"></span>last population <span class="key today"></span>today's prompt${winner === null ? null : html` <span class="key best"></span>winner ${winner.version}`}. Estimates of the search with 95&nbsp;% intervals: the best of many is partly luck, and only the proof confirms.</figcaption>
</figure>`;
}

function mark(
  { objectives, success, isIncumbent, promptId, version }: IndividualShape,
  { x, y }: { x: Scale; y: Scale },
  kind: "before" | "after",
  winnerId: string | null,
): Markup {
  const cx = x.at(objectives.costUsd).toFixed(1);
  const cy = y.at(objectives.successRate).toFixed(1);
  const role = promptId === winnerId ? " best" : isIncumbent ? " today" : "";
  return html`<g class="${kind}${role}"><title>${version}: ${percent(objectives.successRate)}, ${usd(objectives.costUsd)} per call, n = ${success.n}</title><line x1="${cx}" x2="${cx}" y1="${y.at(success.low).toFixed(1)}" y2="${y.at(success.high).toFixed(1)}"/><circle cx="${cx}" cy="${cy}" r="${role === "" ? 5 : 7}"/></g>`;
}

function frontWords({ before, after }: RunReport["front"]): string {
  return `${rangeWords("The first front", before)} ${rangeWords("The last front", after)}`;
}

function rangeWords(name: string, points: readonly IndividualShape[]): string {
  const best = Math.max(0, ...points.map(({ objectives }) => objectives.successRate));
  const least = Math.min(...points.map(({ objectives }) => objectives.costUsd));
  return points.length === 0
    ? `${name} is empty.`
    : `${name} holds ${points.length} prompts, at best ${percent(best)} success, at least ${usd(least)} a call.`;
}

/** A linear scale over round numbers around the values; `most` bounds the upper end. */
function scaleOf(
  [low, high]: [number, number],
  start: number,
  length: number,
  most = Infinity,
): Scale {
  const step = roundStep(Math.max((high - low) * 1.1, Math.abs(high) * 0.05, 1e-9) / 5);
  const from = Math.max(0, Math.floor(low / step - 0.2) * step);
  const to = Math.min(most, Math.max(Math.ceil(high / step + 0.2) * step, from + step));
  const ticks: number[] = [];
  for (let k = 0; from + k * step <= to + step * 1e-6; k += 1) ticks.push(from + k * step);
  return { ticks, at: (value) => start + ((value - from) / (to - from)) * length };
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}
