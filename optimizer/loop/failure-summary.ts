import type { CoachVerdict, Insight } from "#lib/domain/insight.ts";

/** What went wrong, in words for the proposer and for people: insights with share and quotes, and the coach. */
export function failureSummary(
  insights: readonly Insight[],
  coach: CoachVerdict | null,
  limit = 8,
): string {
  const lines = insights.slice(0, limit).map((insight) => {
    const share = `${Math.round(insight.share * 100)} % of ${insight.failedRuns} failed runs`;
    const quotes = insight.evidence
      .slice(0, 2)
      .map(({ quote }) => `    "${quote.replace(/\s+/g, " ")}"`);
    return [`- ${insight.statement} (${share})`, ...quotes].join("\n");
  });
  const judged = coach === null ? [] : [`Coach: ${coach.reason}`];
  return [...lines, ...judged].join("\n");
}
