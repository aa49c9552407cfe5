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
      ? `${config.calls} calls`
      : `proof of ${preview.proves.map(({ version }) => version).join(", ")}`;
  process.stdout.write(
    `${preview.agentType} ${preview.incumbent.version}, ${preview.model}, seed ${config.seed}, ${what}\n`,
  );
  printPlan(preview);
  printOutlook(preview);
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

/** The planner's table: how many trials each stage may order. */
function printPlan({ plan }: OptimizationPreview): void {
  const { probe, learning, race, proof, guards } = plan;
  const runs = (count: number) => (count === 1 ? "once" : `${count} times`);
  const rows: [string, number, string][] = [
    [
      "learning",
      learning.trials,
      `today's prompt on ${learning.rows} rows, ${runs(learning.repeats)}${learning.controlRepeats > 0 ? `; ${learning.controlRows} that pass, ${runs(learning.controlRepeats)} more` : ""}`,
    ],
    ["race", race.trials, "children of the search on rows that are not sealed"],
    [
      "proof",
      proof.trials,
      `${proof.rows} sealed rows, ${runs(proof.repeats)} by each arm; up to ${proof.finalists} ${proof.finalists === 1 ? "finalist" : "finalists"}, ${proof.looks} looks`,
    ],
    [
      "guards",
      guards.trials,
      `each finalist on ${guards.targets} targets and ${guards.controls} controls`,
    ],
  ];
  if (probe.trials > 0)
    rows.unshift(["probe", probe.trials, `${probe.rows} rows a second time: do repeats differ?`]);
  printTable(
    ["stage", "calls at most", "what for"],
    rows.map(([stage, trials, words]) => [stage, trials, words]),
  );
}

/** What the proof can show. */
function printOutlook({ proof }: OptimizationPreview): void {
  const points = (share: number | null) =>
    share === null ? "none" : `${(share * 100).toFixed(0)} points`;
  const groups = (count: number | null) => (count === null ? "not possible" : `${count} rows`);
  const today = `${Math.round(proof.todayRate * 100)} % today, ${proof.todayFrom === "assumed" ? "assumed" : "as the journal shows"}`;
  const lines = [
    `Suite: ${proof.groups} different rows, ${proof.sealedGroups} of them sealed for proofs.`,
    proof.provable
      ? `Smallest gain that this run can prove four times in five (${today}): ${points(proof.smallestGain)}.`
      : "Nothing can be proven on this suite: it can only be searched.",
    `Rows that the suite would need to prove +10 points: ${groups(proof.groupsForTenPoints)}; +20 points: ${groups(proof.groupsForTwentyPoints)}.`,
    `Smallest drop that it can exclude of a prompt that changes a tenth of the rows: ${points(proof.smallestExcludedDrop)}; the agent's margin is ${points(proof.margin)}.`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
