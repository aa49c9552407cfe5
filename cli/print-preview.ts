import type { OptimizationPreview } from "#lib/http/shapes/preview.ts";
import { duration, printTable, usd } from "./output.ts";

type Range = { low: number; high: number } | null;
const sourceWords: Readonly<Record<OptimizationPreview["sources"]["task"]["from"], string>> = {
  trials: "trials measured",
  runs: "journal runs measured",
  optimizations: "earlier optimizations",
  prices: "price table",
  nothing: "not known",
};

/** What an optimization would take, for people. */
export function printPreview(preview: OptimizationPreview): void {
  const { sources, caps, config } = preview;
  const from = ({ from, n }: { from: keyof typeof sourceWords; n: number }) =>
    n === 0 ? sourceWords[from] : `${sourceWords[from]} (n = ${n})`;
  const what =
    preview.proves.length === 0
      ? `${config.generations} generations`
      : `proof of ${preview.proves.map(({ version }) => version).join(", ")}`;
  process.stdout.write(
    `${preview.agentType} ${preview.incumbent.version}, ${preview.model}, seed ${config.seed}, ${what}\n`,
  );
  printTable(
    ["", "least", "most", "from"],
    [
      row("trials", preview.trials, whole, "configuration"),
      row("task calls", preview.taskCalls, whole, from(sources.task)),
      row("proposer calls", preview.proposerCalls, whole, from(sources.proposer)),
      row("task", preview.taskUsd, usd, from(sources.task)),
      row("proposer", preview.proposerUsd, usd, from(sources.proposer)),
      row("together", preview.totalUsd, usd, ""),
      row("time", preview.durationMs, duration, from(sources.time)),
    ],
  );
  const kept = preview.keptForConfirmationUsd;
  process.stdout.write(
    `Kept for the confirmation: ${kept === null ? "not known" : `up to ${usd(kept)}`}\n` +
      `Cap of the run ${usd(caps.run.capUsd)} ends it: ${caps.run.ends}. Left of the day's cap ${usd(caps.day.remainingUsd)} ends it: ${caps.day.ends}.\n`,
  );
  for (const caution of preview.cautions) process.stdout.write(`${caution}\n`);
}

function row(name: string, range: Range, show: (value: number) => string, from: string): string[] {
  return range === null
    ? [name, "not known", "", from]
    : [name, show(range.low), show(range.high), from];
}

function whole(value: number): string {
  return String(Math.round(value));
}
