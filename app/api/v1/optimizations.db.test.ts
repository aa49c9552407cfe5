import { afterAll, beforeAll, expect, test } from "vitest";
import { optimizationPreview } from "#lib/http/shapes/preview.ts";
import { runReport } from "#lib/http/shapes/report.ts";
import { recordRuns } from "#lib/journal/record-runs.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import { makeAgentType, makeOptimization, makeProduction, makeRun } from "#tests/factories.ts";
import * as reportRoute from "./optimizations/[optimizationId]/report/route.ts";
import * as previewRoute from "./optimizations/preview/route.ts";

let api: ApiCaller;
let incumbent: Awaited<ReturnType<typeof makeProduction>>;

beforeAll(async () => {
  api = await startApi();
  await makeAgentType(api.db);
});

afterAll(() => api.close());

const preview = (body: unknown) => api.ask(previewRoute.POST, {}, { method: "POST", body });

test("a preview needs a known agent with a prompt in production, writes nothing and names its sources", async () => {
  expect((await preview({ agentType: "nobody" })).status).toBe(404);
  expect((await preview({ agentType: "engineer" })).status).toBe(409);
  incumbent = await makeProduction(api.db);
  expect((await preview({ agentType: "engineer", config: { generations: 0 } })).status).toBe(400);
  const answer = await preview({ agentType: "engineer", config: { model: "openai:gpt-4o-mini" } });
  const shown = optimizationPreview.parse(await answer.json());
  expect(shown).toMatchObject({ model: "openai:gpt-4o-mini", simulated: false });
  expect(shown.sources.task).toEqual({ from: "prices", n: 0 });
  expect(shown.totalUsd?.low).toBeGreaterThan(0);
  expect(await api.db.optimization.count()).toBe(0);
});

test("a model without a price leaves the cost unknown instead of calling it nothing", async () => {
  const answer = await preview({ agentType: "engineer", config: { model: "openai:of-my-own" } });
  const shown = optimizationPreview.parse(await answer.json());
  expect(shown).toMatchObject({ taskUsd: null, totalUsd: null, keptForConfirmationUsd: null });
  expect(shown.cautions.join(" ")).toContain("no price");
});

test("of an agent that works alone the journal's runs tell what a trial costs and how long it takes", async () => {
  await makeAgentType(api.db, { name: "solo", system: "single" });
  await makeProduction(api.db, { agentType: "solo" });
  const model = "openai:gpt-4o-mini";
  await recordRuns(
    api.db,
    Array.from({ length: 30 }, (_, k) =>
      makeRun({ runId: `solo-${k}`, agentType: "solo", model, latencyMs: 2_000 }),
    ),
    { source: "api" },
  );
  const answer = await preview({ agentType: "solo", config: { model, concurrency: 1 } });
  const shown = optimizationPreview.parse(await answer.json());
  expect(shown.sources).toMatchObject({
    task: { from: "runs", n: 30 },
    time: { from: "runs", n: 30 },
  });
  expect(shown.taskUsd?.low).toBeCloseTo(0.01 * shown.trials.low);
  expect(shown.durationMs?.low).toBeCloseTo(2_000 * shown.trials.low);
});

test("the report is JSON by default and a page that may load nothing when asked for one", async () => {
  const optimizationId = await makeOptimization(api.db, incumbent);
  const ask = (search?: string) =>
    api.ask(reportRoute.GET, { optimizationId }, search === undefined ? {} : { search });
  const report = runReport.parse(await (await ask()).json());
  expect(report).toMatchObject({
    format: "genepool-run-report/1",
    winner: null,
    optimization: { id: optimizationId, finished: false },
  });
  const page = await ask("?format=html");
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await page.text()).toContain("Unfinished");
  expect((await ask("?format=pdf")).status).toBe(400);
  const unknown = { optimizationId: "00000000-0000-4000-8000-000000000000" };
  expect((await api.ask(reportRoute.GET, unknown)).status).toBe(404);
});
