import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GET as getExperiment } from "#app/api/v1/experiments/[experimentId]/route.ts";
import { GET as getReport } from "#app/api/v1/optimizations/[optimizationId]/report/route.ts";
import { GET as getOptimization } from "#app/api/v1/optimizations/[optimizationId]/route.ts";
import { GET as listOptimizations } from "#app/api/v1/optimizations/route.ts";
import { loadSuite } from "#lib/db/benchmarks.ts";
import { experimentDetail } from "#lib/http/shapes/experiment.ts";
import { optimizationDetail, optimizationPage } from "#lib/http/shapes/optimization.ts";
import { runReport } from "#lib/http/shapes/report.ts";
import { productionPrompt } from "#lib/registry/production.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import { createEmptyDatabase } from "#tests/database.ts";
import { restoreFixedPoint } from "#tests/fixed-point.ts";
import { deployMigrations, schemaDrift } from "./migrate.ts";

const root = path.join(import.meta.dirname, "../../..");

/** Rows of each table as version 0.1.0 left them; tables that are not named were empty. */
const rowsThen: Readonly<Record<string, number>> = {
  agent_types: 6,
  audit_events: 41,
  benchmarks: 268,
  budget_days: 1,
  budget_reservations: 1_280,
  experiments: 24,
  generations: 4,
  individuals: 26,
  insights: 14,
  journal_hours: 999,
  journal_runs: 1_800,
  journal_steps: 17_661,
  llm_calls: 36,
  optimization_steps: 12,
  optimizations: 2,
  outbox: 12,
  prompt_parents: 18,
  prompt_statuses: 24,
  prompt_tags: 6,
  prompt_transitions: 64,
  prompts: 24,
  reviews: 1,
  tag_moves: 7,
  trials: 1_244,
  users: 1,
};
/** What nothing may change, a migration least of all. */
const immutable = [
  "prompts",
  "prompt_parents",
  "prompt_transitions",
  "prompt_statuses",
  "prompt_tags",
  "tag_moves",
  "reviews",
  "audit_events",
  "trials",
  "llm_calls",
  "budget_reservations",
  "journal_runs",
  "journal_steps",
];

let url: string;
let api: ApiCaller;
let before: { counts: Map<string, number>; columns: Map<string, string[]>; digests: string[] };
let after: { counts: Map<string, number>; digests: string[] };

beforeAll(async () => {
  const database = await createEmptyDatabase();
  url = database.url;
  await restoreFixedPoint(url);
  const columns = await columnsOf();
  before = { counts: await countsOf(columns), columns, digests: await digestsOf(columns) };
  await deployMigrations(url, root);
  after = { counts: await countsOf(columns), digests: await digestsOf(columns) };
  api = await startApi(database);
}, 180_000);

afterAll(() => api.close());

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function columnsOf(): Promise<Map<string, string[]>> {
  const found = await rows(
    `SELECT table_name, string_agg(format('%I', column_name), ', ' ORDER BY column_name) AS columns
     FROM information_schema.columns WHERE table_schema = 'public' GROUP BY 1`,
  );
  return new Map(found.map((row) => [String(row.table_name), String(row.columns).split(", ")]));
}

async function countsOf(tables: ReadonlyMap<string, unknown>): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const table of tables.keys()) {
    const [row] = await rows(`SELECT count(*)::int AS n FROM "${table}"`);
    counts.set(table, Number(row?.n));
  }
  return counts;
}

/** One hash a table over the columns that it had then, so that columns which came later do not show. */
async function digestsOf(columns: ReadonlyMap<string, string[]>): Promise<string[]> {
  const digests: string[] = [];
  for (const table of immutable) {
    const row = `ROW(${(columns.get(table) ?? []).join(", ")})::text`;
    const [found] = await rows(
      `SELECT md5(string_agg(md5(${row}), '' ORDER BY md5(${row}))) AS digest FROM "${table}"`,
    );
    digests.push(`${table} ${String(found?.digest)}`);
  }
  return digests;
}

test("the database of version 0.1.0 is migrated with every row that it had", async () => {
  const { _prisma_migrations: migrations, ...filled } = Object.fromEntries(
    [...before.counts].filter(([, count]) => count > 0),
  );
  expect(migrations).toBe(16);
  expect(filled).toEqual(rowsThen);
  for (const [table, count] of Object.entries(rowsThen))
    expect(after.counts.get(table), table).toBe(count);
  expect(await schemaDrift(url, root)).toBe("");
});

test("no prompt, ledger, trial or run is another after the migrations", async () => {
  await expect(rows("DELETE FROM prompts")).rejects.toThrow("prompts is append-only");
  expect(before.digests.every((digest) => /[0-9a-f]{32}$/.test(digest))).toBe(true);
  expect(after.digests).toEqual(before.digests);
});

test("a stored optimization, its report and its experiments still read through the API", async () => {
  const list = optimizationPage.parse(await (await api.ask(listOptimizations, {})).json());
  expect(list.items.map(({ agentType, state }) => [agentType, state]).sort()).toEqual([
    ["engineer", "finished"],
    ["sorter", "finished"],
  ]);
  for (const { id: optimizationId } of list.items) {
    const answer = await api.ask(getOptimization, { optimizationId });
    const detail = optimizationDetail.parse(await answer.json());
    expect(detail.generationsDone).toHaveLength(2);
    const report = runReport.parse(
      await (await api.ask(getReport, { optimizationId }, { search: "?format=json" })).json(),
    );
    expect(report.finalists.length).toBe(2);
    const experiments = await api.db.experiment.findMany({ where: { optimizationId } });
    expect(experiments.length).toBeGreaterThan(5);
    for (const { id: experimentId } of experiments) {
      const read = await api.ask(getExperiment, { experimentId });
      expect(read.status).toBe(200);
      experimentDetail.parse(await read.json());
    }
  }
});

test("its benchmarks get their groups and seal, keep their identity, and its prompts go on", async () => {
  const before = await loadSuite(api.db, "workbench");
  expect(before).toHaveLength(88);
  expect(before.every(({ required }) => required)).toBe(true);
  expect(before.filter(({ sealed }) => sealed)).toHaveLength(44);
  await seedWorkbench(api.db);
  expect(await loadSuite(api.db, "workbench")).toEqual(before);
  const letters = await loadSuite(api.db, "letters");
  expect(letters.filter(({ sealed }) => sealed)).toHaveLength(90);
  const production = await productionPrompt(api.db, "engineer");
  expect(production).toMatchObject({ tagGeneration: 2, prompt: { version: "1.0.7" } });
});
