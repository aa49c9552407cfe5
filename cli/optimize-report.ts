import { insightDetail } from "#lib/domain/insight.ts";
import type { FreshFigures } from "#optimizer/fresh.ts";
import type { OptimizationReport } from "#optimizer/report.ts";
import { duration, percentWithInterval, printTable, usd } from "./output.ts";

/** The report of a run for people. */
export function printReport(
  report: OptimizationReport,
  fresh: FreshFigures | null,
  wallMs: number,
): void {
  const line = (text: string) => process.stdout.write(`${text}\n`);
  line(`${report.agentType}: ${report.summary}${report.simulated ? " (simulated model)" : ""}`);
  for (const insight of report.insights.slice(0, 5))
    line(
      `  ${Math.round(insight.share * 100)} % of failures: ${insight.statement}${insightDetail(insight)}`,
    );
  // A proof has no population.
  if (report.front.length > 0)
    printTable(
      ["version", "operator", "success", "cost", "latency", "rank"],
      report.front.map((individual) => [
        individual.version,
        individual.operator ?? "",
        `${Math.round(individual.successRate * 100)} %`,
        usd(individual.costUsd),
        duration(individual.latencyMs),
        individual.rank,
      ]),
    );
  for (const finalist of report.finalists)
    line(`${finalist.version} ${finalist.verdict.kind}: ${finalist.verdict.sentence}`);
  if (fresh !== null) {
    line(
      `Fresh benchmarks: ${percentWithInterval(fresh.baseline)} → ${percentWithInterval(fresh.candidate)}`,
    );
  }
  line(`${report.trials} trials, ${usd(report.costUsd)}, ${duration(wallMs)}`);
}
