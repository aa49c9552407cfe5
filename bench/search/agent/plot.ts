/** The comparison as a figure: each run a dot, each method's median a bar, and how far the product is ahead, with its interval. */
import { median } from "#lib/stats/quantile.ts";
import { genepool, type MethodRun } from "./compare.ts";
import { type MethodSummary, summarize } from "./summary.ts";

interface Panel {
  title: string;
  valueOf: (run: MethodRun) => number;
  aheadOf: (summary: MethodSummary) => { value: number; low: number; high: number } | null;
  max: number;
  format: (value: number) => string;
  difference: (value: number) => string;
  /** What differences are counted in. */
  unit: string;
}

const rowHeight = 30;
const labelWidth = 150;
const panelWidth = 300;
const aheadWidth = 150;
const gap = 30;
/** Distance of the grid's lines, on both panels. */
const tick = 0.25;
const headHeight = 64;

/** An SVG page that follows the reader's light or dark colours; rows are methods, panels are success and hypervolume. */
export function plotOf(budget: number, runs: readonly MethodRun[], simulated: boolean): string {
  const own = runs.filter((run) => run.budget === budget);
  const summaries = summarize(own);
  const hypervolumeMax =
    Math.ceil(Math.max(0.5, ...own.map((run) => run.hypervolume)) / tick) * tick;
  const panels: Panel[] = [
    {
      title: "success on fresh benchmarks",
      valueOf: ({ pick }) => pick.successRate,
      aheadOf: ({ ahead }) => ahead?.success.mean ?? null,
      max: 1,
      format: (value) => `${Math.round(value * 100)} %`,
      difference: (value) => (value * 100).toFixed(1),
      unit: "points",
    },
    {
      title: "hypervolume of what is handed over",
      valueOf: ({ hypervolume }) => hypervolume,
      aheadOf: ({ ahead }) => ahead?.hypervolume.mean ?? null,
      max: hypervolumeMax,
      format: (value) => value.toFixed(2),
      difference: (value) => value.toFixed(2),
      unit: "",
    },
  ];
  const height = headHeight + summaries.length * rowHeight + 44;
  const width = labelWidth + panels.length * (panelWidth + aheadWidth + gap);
  const seeds = Math.max(0, ...summaries.map((summary) => summary.runs));
  const kind = simulated ? "simulated model" : "real model";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Methods compared at ${budget} trials">`,
    style,
    `<text x="0" y="18" class="title">${budget} trials, ${seeds} seeds, ${kind}</text>`,
    ...summaries.map(
      ({ method }, row) =>
        `<text x="0" y="${rowY(row) + 4}" class="${classOf(method)}">${escaped(method)}</text>`,
    ),
    ...panels.flatMap((panel, k) => drawPanel(panel, leftOf(k), own, summaries)),
    "</svg>\n",
  ].join("\n");
}

const style = `<style>
text{font:13px system-ui,sans-serif;fill:#1f2933}.title{font-weight:600;font-size:15px}.axis,.note{fill:#52606d;font-size:11px}
.own{font-weight:600}.dot{fill:#7b8794;fill-opacity:.45}.dot.own{fill:#2563eb}.median{stroke:#52606d;stroke-width:3}.median.own{stroke:#1d4ed8}
.grid{stroke:#cbd2d9;stroke-width:1}
@media (prefers-color-scheme:dark){text{fill:#e4e7eb}.axis,.note{fill:#9aa5b1}.dot{fill:#9aa5b1}.dot.own{fill:#60a5fa}.median{stroke:#cbd2d9}.median.own{stroke:#93c5fd}.grid{stroke:#3e4c59}}
</style>`;

function drawPanel(
  panel: Panel,
  left: number,
  runs: readonly MethodRun[],
  summaries: readonly MethodSummary[],
): string[] {
  const x = (value: number) => left + (panelWidth * Math.max(0, value)) / panel.max;
  const bottom = rowY(summaries.length) - rowHeight / 2;
  const ticks = Array.from({ length: Math.round(panel.max / tick) + 1 }, (_, k) => k * tick);
  return [
    `<text x="${left}" y="42" class="note">${panel.title}</text>`,
    `<text x="${left + panelWidth + 14}" y="42" class="note">Genepool ahead by${panel.unit === "" ? "" : `, ${panel.unit}`}</text>`,
    ...ticks.map(
      (at) =>
        `<line x1="${x(at)}" x2="${x(at)}" y1="52" y2="${bottom}" class="grid"/>` +
        `<text x="${x(at)}" y="${bottom + 16}" text-anchor="middle" class="axis">${panel.format(at)}</text>`,
    ),
    ...summaries.flatMap((summary, row) => {
      const own = runs.filter(({ method }) => method === summary.method).map(panel.valueOf);
      const y = rowY(row);
      const kind = classOf(summary.method);
      const middle = x(median(own));
      return [
        ...own.map(
          (value) => `<circle cx="${x(value).toFixed(1)}" cy="${y}" r="4" class="dot ${kind}"/>`,
        ),
        `<line x1="${middle}" x2="${middle}" y1="${y - 10}" y2="${y + 10}" class="median ${kind}"/>`,
        `<text x="${left + panelWidth + 14}" y="${y + 4}" class="note">${aheadText(panel, summary)}</text>`,
      ];
    }),
  ];
}

function aheadText(panel: Panel, summary: MethodSummary): string {
  const ahead = panel.aheadOf(summary);
  if (ahead === null) return "";
  const signed = (value: number) => `${value < 0 ? "−" : "+"}${panel.difference(Math.abs(value))}`;
  return `${signed(ahead.value)} (${signed(ahead.low)} to ${signed(ahead.high)})`;
}

function rowY(row: number): number {
  return headHeight + row * rowHeight + rowHeight / 2;
}

function leftOf(panel: number): number {
  return labelWidth + panel * (panelWidth + aheadWidth + gap);
}

function classOf(method: string): string {
  return method === genepool ? "own" : "other";
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
