import { route } from "#app/services.ts";
import { listJudgeLabels } from "#lib/db/judge-labels.ts";
import { AppError } from "#lib/errors.ts";
import * as endpoints from "#lib/http/endpoints/judges.ts";
import { labelPageView, requireSuite } from "#lib/http/views/judge-view.ts";
import { importLabels, parseLabels } from "#lib/judges/import-labels.ts";

export const GET = route(endpoints.listJudgeLabels, async ({ db, params, query }) => {
  await requireSuite(db, params.suite);
  return labelPageView(await listJudgeLabels(db, { ...params, ...query }));
});

export const POST = route(endpoints.importJudgeLabels, ({ db, params, body, actor }) => {
  const { labels = [], jsonl } = body;
  if (jsonl === undefined) return importLabels(db, { ...params, labels, actor });
  const parsed = parseLabels(jsonl);
  const [first] = parsed.errors;
  if (first !== undefined)
    throw new AppError("invalid", `Nothing was imported: line ${first.line} is ${first.message}`, {
      details: { badLines: parsed.errors.length, errors: parsed.errors.slice(0, 50) },
    });
  return importLabels(db, { ...params, labels: parsed.labels, actor });
});
