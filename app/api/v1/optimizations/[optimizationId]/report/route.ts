import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/optimizations.ts";
import { answerReport } from "#lib/http/run-report-answer.ts";
import { runReport } from "#lib/http/views/run-report.ts";

export const GET = route(endpoints.reportOptimization, async ({ db, params, query, request }) =>
  answerReport(await runReport(db, params.optimizationId, new Date()), {
    format: query.format,
    accept: request.headers.get("accept"),
  }),
);
