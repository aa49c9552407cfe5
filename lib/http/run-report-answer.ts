import type { RunReport } from "./shapes/report.ts";
import { reportPage } from "./views/report-html/report-page.ts";

/** A page that runs nothing and loads nothing, wherever it is opened. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The report as JSON, or as a page when the address or the browser asks for one. */
export function answerReport(
  report: RunReport,
  { format, accept }: { format: "json" | "html" | undefined; accept: string | null },
): RunReport | Response {
  if ((format ?? (prefersPage(accept) ? "html" : "json")) === "json") return report;
  return new Response(reportPage(report), {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-store",
      vary: "accept",
    },
  });
}

function prefersPage(accept: string | null): boolean {
  const types = (accept ?? "").split(",").map((part) => part.split(";")[0]?.trim());
  const page = types.indexOf("text/html");
  const data = types.indexOf("application/json");
  return page >= 0 && (data < 0 || page < data);
}
