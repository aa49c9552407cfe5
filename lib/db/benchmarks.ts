import { z } from "zod";
import { type Benchmark, benchmarkMetadata } from "#lib/domain/benchmark.ts";
import { grader } from "#lib/domain/grader.ts";
import { groupOf } from "../suites/input-groups.ts";
import { keepSuiteGroups, loadSeals, sealKey } from "../suites/suite-groups.ts";
import type { Executor } from "./client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "./cursor.ts";
import type { Prisma } from "./generated/client.ts";
import { parseStored, queryRow, queryRows, sql } from "./query.ts";

const suiteKey = z.strictObject({ externalId: z.string(), id: z.uuid() });

/** The benchmarks of a suite that are not retired, by their external id. */
export async function listBenchmarks(
  db: Executor,
  query: { suite?: string | undefined; family?: string | undefined } & PageRequest = {},
): Promise<Page<Benchmark>> {
  const limit = pageLimit(query);
  const after = decodeCursor(suiteKey, query.cursor);
  const rows = await db.benchmark.findMany({
    where: {
      retiredAt: null,
      ...(query.suite === undefined ? {} : { suite: query.suite }),
      ...(query.family === undefined ? {} : { family: query.family }),
      ...(after === null
        ? {}
        : {
            OR: [
              { externalId: { gt: after.externalId } },
              { externalId: after.externalId, id: { gt: after.id } },
            ],
          }),
    },
    orderBy: [{ externalId: "asc" }, { id: "asc" }],
    take: limit + 1,
  });
  const item = await reader(db, rows);
  return pageOf(rows, limit, {
    item,
    key: ({ externalId, id }) => ({ externalId, id }),
  });
}

/** A whole suite at once by external id: what a search draws from. Retired benchmarks are left out unless asked for. */
export async function loadSuite(
  db: Executor,
  suite: string,
  { retired = false }: { retired?: boolean } = {},
): Promise<Benchmark[]> {
  const rows = await db.benchmark.findMany({
    where: { suite, ...(retired ? {} : { retiredAt: null }) },
    orderBy: [{ externalId: "asc" }, { id: "asc" }],
  });
  return rows.map(await reader(db, rows));
}

/** The benchmarks with these ids, retired ones too, in the order of the ids. */
export async function loadBenchmarks(db: Executor, ids: readonly string[]): Promise<Benchmark[]> {
  const rows = await db.benchmark.findMany({ where: { id: { in: [...ids] } } });
  const read = await reader(db, rows);
  const byId = new Map(rows.map((row) => [row.id, read(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Whether a suite has anything to run. */
export async function hasBenchmarks(db: Executor, suite: string): Promise<boolean> {
  return (await db.benchmark.findFirst({ where: { suite, retiredAt: null } })) !== null;
}

const judgeRow = z.object({ model: z.string() });

/** The models that judge answers of a suite, each once. */
export async function suiteJudgeModels(db: Executor, suite: string): Promise<string[]> {
  const rows = await queryRows(
    db,
    judgeRow,
    sql`SELECT DISTINCT judge #>> '{}' AS model
        FROM benchmarks b, jsonb_path_query(b.grader, '$.** ? (@.kind == "judge").model') judge
        WHERE b.suite = ${suite} AND b.retired_at IS NULL`,
  );
  return rows.map(({ model }) => model);
}

/** Whether any benchmark of a suite is judged by a model: most suites are not, and loading one takes a while. */
export async function hasJudge(db: Executor, suite: string): Promise<boolean> {
  const found = await queryRow(
    db,
    z.object({ found: z.boolean() }),
    sql`SELECT EXISTS (SELECT 1 FROM benchmarks
          WHERE suite = ${suite}::text AND retired_at IS NULL AND grader::text LIKE '%"kind": "judge"%') AS found`,
  );
  return found?.found ?? false;
}

export interface SuiteSize {
  suite: string;
  benchmarks: number;
  /** Different inputs. */
  groups: number;
  /** Different inputs that only a proof opens. */
  sealed: number;
}

/** Suites with their sizes, by name. */
export async function listSuites(db: Executor): Promise<{ items: SuiteSize[]; nextCursor: null }> {
  const sizes = await suiteSizes(db);
  const unassigned = sizes.filter(({ assigned, groups }) => assigned < groups);
  for (const { suite } of unassigned) await keepSuiteGroups(db, suite);
  const known = unassigned.length === 0 ? sizes : await suiteSizes(db);
  return { items: known.map(({ assigned: _, ...size }) => size), nextCursor: null };
}

const suiteSize = z.object({
  suite: z.string(),
  benchmarks: z.int(),
  groups: z.int(),
  sealed: z.int(),
  /** Groups that have their side. */
  assigned: z.int(),
});

/** A row of before there were groups counts as a group of its own without a side. */
async function suiteSizes(db: Executor): Promise<z.infer<typeof suiteSize>[]> {
  return queryRows(
    db,
    suiteSize,
    sql`SELECT b.suite, sum(b.rows)::int AS benchmarks, count(*)::int AS groups,
          count(*) FILTER (WHERE g.sealed)::int AS sealed, count(g.sealed)::int AS assigned
        FROM (SELECT suite, coalesce(group_hash, id::text) AS group_hash, count(*) AS rows
              FROM benchmarks WHERE retired_at IS NULL GROUP BY 1, 2) b
        LEFT JOIN suite_groups g ON g.suite = b.suite AND g.group_hash = b.group_hash
        GROUP BY b.suite ORDER BY b.suite COLLATE "C"`,
  );
}

/** Reads these rows; those of before there were groups get theirs here, for good. */
async function reader(
  db: Executor,
  rows: readonly Prisma.BenchmarkModel[],
): Promise<(row: Prisma.BenchmarkModel) => Benchmark> {
  const grouped = rows.map((row) => ({ ...row, group: row.groupHash ?? groupOf(row.input) }));
  const groups = new Map(grouped.map(({ id, group }) => [id, group]));
  const seals = await loadSeals(db, grouped);
  return (row) => {
    const group = groups.get(row.id) ?? groupOf(row.input);
    return { ...fromRow(row), group, sealed: seals.get(sealKey(row.suite, group)) ?? false };
  };
}

function fromRow(row: Prisma.BenchmarkModel): Omit<Benchmark, "group" | "sealed"> {
  const metadata = parseStored(benchmarkMetadata, row.metadata, "a benchmark's metadata");
  const judge = parseStored(grader, row.grader, "a benchmark's grader");
  return {
    id: row.id,
    suite: row.suite,
    externalId: row.externalId,
    input: row.input,
    expected: row.expected,
    labels: row.labels.length === 0 ? null : row.labels,
    grader: judge,
    weight: row.weight,
    contentHash: row.contentHash,
    family: row.family,
    required: row.required || judge.kind === "workbench",
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}
