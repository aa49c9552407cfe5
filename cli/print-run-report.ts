import { verdictKindWords, verdictReasonWords } from "#lib/domain/verdict-words.ts";
import type { RunReport } from "#lib/http/shapes/report.ts";
import { verdictFacts } from "#lib/http/views/verdict-facts.ts";
import { percentWithInterval, usd } from "./output.ts";

/** The report of a run for people: what was decided and why, luck beside it, money, cautions. */
export function printRunReport({ optimization, incumbent, ...report }: RunReport): void {
  const { finalists, winner, spending } = report;
  line(
    `${optimization.agentType} from ${incumbent.version}: ${optimization.outcome ?? optimization.state}`,
  );
  for (const finalist of finalists) printFinalist(finalist, winner?.id === finalist.prompt.id);
  printLuck(report.searchedTwice);
  const calls = winner?.payBack?.callsToPayBack.value ?? null;
  if (winner !== null)
    line(
      `Pays the search back after: ${calls === null ? "never, it is not cheaper" : `${calls} calls`}`,
    );
  const roles = spending.roles.map(({ role, spentUsd }) => `${role} ${usd(spentUsd)}`);
  line(
    `${optimization.trials} trials of at most ${optimization.calls}, spent ${usd(spending.totalUsd)}: ${roles.join(", ")}`,
  );
  for (const caution of report.cautions) line(`Note: ${caution}`);
  line(`Repeat: ${report.repeat.command}`);
}

function printFinalist(
  { prompt, verdict, searched }: RunReport["finalists"][number],
  isWinner: boolean,
): void {
  const name = `${prompt.version}${isWinner ? " (winner)" : ""}`;
  if (verdict === null) {
    line(`  ${name}: the proof is under way or was cut off`);
    return;
  }
  line(`  ${name}: ${verdictKindWords[verdict.kind]}. ${verdictReasonWords[verdict.reason]}.`);
  for (const [fact, value] of verdictFacts(verdict)) line(`    ${fact}: ${value}`);
  if (searched !== null)
    line(`    As the search saw it: ${percentWithInterval(searched)}, partly luck`);
}

function printLuck(luck: RunReport["searchedTwice"]): void {
  if (luck === null) return;
  const percent = (rate: number) => Math.round(rate * 100);
  line(
    `The incumbent, searched twice: ${percent(luck.mean)} % (${percent(luck.low)}–${percent(luck.high)}), the best of ${luck.prompts} prompts as good as today's, by resampling its ${luck.trials} trials on ${luck.rows} rows`,
  );
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}
