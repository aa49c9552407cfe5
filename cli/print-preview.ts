import type { OptimizationPreview } from "#lib/http/shapes/preview.ts";
import { plannedStages, repeatsWords } from "#lib/optimizations/plan-words.ts";
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
      ...(preview.judgeCalls.high === 0
        ? []
        : [row("judge calls", preview.judgeCalls, whole, "graders of the suite")]),
      row("time", preview.durationMs, duration, from(sources.time)),
    ],
  );
  const kept = preview.keptForConfirmationUsd;
  process.stdout.write(
    "Calls of proposer and judges come beside the trials and are bounded by the caps alone.\n" +
      `Kept for the proof: ${kept === null ? "not known" : `up to ${usd(kept)}`}\n` +
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

/** The planner's table: how many calls each stage may order. */
function printPlan({ plan }: OptimizationPreview): void {
  printTable(
    ["stage", "calls at most", "what for"],
    plannedStages(plan).map(({ name, trials, words }) => [name, trials, words]),
  );
  process.stdout.write(`${repeatsWords(plan)}\n`);
}

const todayWords: Readonly<Record<OptimizationPreview["proof"]["todayFrom"], string>> = {
  proofs: "as earlier proofs showed",
  journal: "as the journal shows",
  assumed: "assumed, since nothing was measured",
};

/** What the proof can show. */
function printOutlook({ proof }: OptimizationPreview): void {
  const points = (share: number) => `${Math.round(share * 100)} points`;
  const rows = (needed: number | null) => (needed === null ? "not possible" : `${needed} rows`);
  const today = `${Math.round(proof.todayRate * 100)} % success today, ${todayWords[proof.todayFrom]}`;
  const lines = [
    `Suite: ${proof.groups} different rows, ${proof.sealedGroups} of them sealed for proofs, ${proof.freshGroups} never opened against this prompt.`,
    gainWords(proof, today),
    `Rows that a suite needs to prove +10 points: ${rows(proof.groupsForTenPoints)}; +20 points: ${rows(proof.groupsForTwentyPoints)}.`,
    proof.smallestExcludedDrop === null
      ? `No drop can be excluded; the agent's margin is ${points(proof.margin)}.`
      : `Smallest drop that can be excluded of a prompt that changes a tenth of the rows: ${points(proof.smallestExcludedDrop)}; the agent's margin is ${points(proof.margin)}.`,
    // Of a later one the cautions say more.
    ...(proof.ordinal === 1 ? ["It would be the first proof against this prompt."] : []),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function gainWords(
  { provable, smallestGain, rows }: OptimizationPreview["proof"],
  today: string,
): string {
  if (!provable) return "Nothing can be proven on this suite: it can be searched, not proven.";
  if (smallestGain === null) return `No gain can be proven with these calls (${today}).`;
  return `Can prove a gain of ${Math.round(smallestGain * 100)} points or more, four times in five, on ${rows} sealed rows (${today}).`;
}
