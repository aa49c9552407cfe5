import { z } from "zod";
import { type Benchmark, benchmarkMetadata } from "#lib/domain/benchmark.ts";
import { grader } from "#lib/domain/grader.ts";
import type { Executor } from "./client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "./cursor.ts";
import type { Prisma } from "./generated/client.ts";
import { parseStored, queryRow, sql } from "./query.ts";

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
  return pageOf(rows, limit, {
    item: fromRow,
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
  return rows.map(fromRow);
}

/** The benchmarks with these ids, retired ones too, in the order of the ids. */
export async function loadBenchmarks(db: Executor, ids: readonly string[]): Promise<Benchmark[]> {
  const rows = await db.benchmark.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, fromRow(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Whether a suite has anything to run. */
export async function hasBenchmarks(db: Executor, suite: string): Promise<boolean> {
  return (await db.benchmark.findFirst({ where: { suite, retiredAt: null } })) !== null;
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

/** Suites with their number of benchmarks, by name. */
export async function listSuites(
  db: Executor,
): Promise<{ items: { suite: string; benchmarks: number }[]; nextCursor: null }> {
  const rows = await db.benchmark.groupBy({
    by: ["suite"],
    where: { retiredAt: null },
    _count: { _all: true },
    orderBy: { suite: "asc" },
  });
  const items = rows.map(({ suite, _count }) => ({ suite, benchmarks: _count._all }));
  return { items, nextCursor: null };
}

function fromRow(row: Prisma.BenchmarkModel): Benchmark {
  const metadata = parseStored(benchmarkMetadata, row.metadata, "a benchmark's metadata");
  return {
    id: row.id,
    suite: row.suite,
    externalId: row.externalId,
    input: row.input,
    expected: row.expected,
    labels: row.labels.length === 0 ? null : row.labels,
    grader: parseStored(grader, row.grader, "a benchmark's grader"),
    weight: row.weight,
    contentHash: row.contentHash,
    family: row.family,
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}
