import { insightDetail } from "#lib/domain/insight.ts";
import { figureKindWords } from "#lib/domain/success-figure.ts";
import type { RunReport } from "#lib/http/shapes/report.ts";
import type { FreshFigures } from "#optimizer/fresh.ts";
import type { OptimizationReport } from "#optimizer/report.ts";
import { duration, percentWithInterval, printTable, usd } from "./output.ts";
import { printRunReport } from "./print-run-report.ts";

/** What a run just did, for people: causes, the front, then the same report as `genepool report` prints. */
export function printReport(
  report: OptimizationReport,
  { run, fresh, wallMs }: { run: RunReport; fresh: FreshFigures | null; wallMs: number },
): void {
  const line = (text: string) => process.stdout.write(`${text}\n`);
  for (const insight of report.insights.slice(0, 5))
    line(
      `  ${Math.round(insight.share * 100)} % of failures: ${insight.statement}${insightDetail(insight)}`,
    );
  // A proof has no population.
  if (report.front.length > 0)
    printTable(
      ["version", "operator", "success", "kind", "cost", "latency", "rank"],
      report.front.map((individual) => [
        individual.version,
        individual.operator ?? "",
        percentWithInterval(individual.figure),
        figureKindWords[individual.figure.kind],
        usd(individual.costUsd),
        duration(individual.latencyMs),
        individual.rank,
      ]),
    );
  printRunReport(run);
  if (fresh !== null) {
    line(
      `Fresh benchmarks: ${percentWithInterval(fresh.baseline)} → ${percentWithInterval(fresh.candidate)}`,
    );
  }
  line(`Took ${duration(wallMs)}`);
}
