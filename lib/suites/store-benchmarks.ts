import { randomUUID } from "node:crypto";
import type { Executor } from "#lib/db/client.ts";
import { storableText, toJson } from "#lib/db/json.ts";
import { execute, sql } from "#lib/db/query.ts";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { contentHash } from "../content-hash.ts";
import { AppError } from "../errors.ts";
import { groupOf } from "./input-groups.ts";
import { keepSuiteGroups } from "./suite-groups.ts";

/** A benchmark before it has an identity. */
export type NewBenchmark = Omit<Benchmark, "id" | "suite" | "contentHash" | "group" | "sealed">;

export interface StoredBenchmarks {
  created: number;
  /** Already there with the same content. */
  unchanged: number;
  /** Earlier versions of changed ones: kept for the evidence that names them, drawn no more. */
  retired: number;
}

/** Identity of a benchmark's content: a change makes another benchmark. */
export function benchmarkHash(benchmark: NewBenchmark): string {
  const { externalId, input, expected, labels, grader, weight, family, metadata } = benchmark;
  const told = metadata === undefined ? {} : { metadata };
  const marked = isMarkedRequired(benchmark) ? { required: true } : {};
  return contentHash({
    externalId,
    input,
    expected,
    labels,
    grader,
    weight,
    family,
    ...told,
    ...marked,
  });
}

/** Problems of the workbench are required without a mark, so that those stored before there was one keep their identity. */
function isMarkedRequired({ required, grader }: NewBenchmark): boolean {
  return required && grader.kind !== "workbench";
}

const batchSize = 500;

/**
 * Writes benchmarks into a suite, in the caller's transaction. The same content changes nothing; under a known external id it is a new row and the
 * old one retires. New groups are sealed or not in the same transaction; imports into one suite take turns. Throws AppError("invalid") when two of them share an external id.
 */
export async function storeBenchmarks(
  tx: Executor,
  suite: string,
  benchmarks: readonly NewBenchmark[],
): Promise<StoredBenchmarks> {
  const ids = new Set(benchmarks.map(({ externalId }) => externalId));
  if (ids.size < benchmarks.length)
    throw new AppError("invalid", "Two benchmarks of one suite have the same id.");
  await execute(tx, sql`SELECT pg_advisory_xact_lock(hashtextextended(${`suite ${suite}`}, 0))`);
  // Rows of before there were groups are sealed as they stand now, by themselves, as whoever reads them first would do.
  await keepSuiteGroups(tx, suite);
  const total: StoredBenchmarks = { created: 0, unchanged: 0, retired: 0 };
  for (let start = 0; start < benchmarks.length; start += batchSize) {
    const batch = benchmarks.slice(start, start + batchSize);
    const stored = await storeBatch(tx, suite, batch.map(storable));
    total.created += stored.created;
    total.unchanged += stored.unchanged;
    total.retired += stored.retired;
  }
  await keepSuiteGroups(tx, suite);
  return total;
}

/** What `storeBenchmarks` would do, without doing it. */
export async function planBenchmarks(
  db: Executor,
  suite: string,
  benchmarks: readonly NewBenchmark[],
): Promise<StoredBenchmarks> {
  const hashes = new Map(
    benchmarks.map((benchmark) => [benchmark.externalId, benchmarkHash(storable(benchmark))]),
  );
  const rows = await db.benchmark.findMany({
    where: { suite },
    select: { externalId: true, contentHash: true, retiredAt: true },
  });
  const known = new Set(rows.map(({ contentHash }) => contentHash));
  const unchanged = [...hashes.values()].filter((hash) => known.has(hash)).length;
  const retired = rows.filter(({ externalId, contentHash, retiredAt }) => {
    const now = hashes.get(externalId);
    return retiredAt === null && now !== undefined && now !== contentHash;
  }).length;
  return { created: hashes.size - unchanged, unchanged, retired };
}

async function storeBatch(
  tx: Executor,
  suite: string,
  batch: readonly NewBenchmark[],
): Promise<StoredBenchmarks> {
  const externalIds = batch.map(({ externalId }) => externalId);
  const hashes = batch.map(benchmarkHash);
  const retired = await tx.benchmark.updateMany({
    where: {
      suite,
      externalId: { in: externalIds },
      contentHash: { notIn: hashes },
      retiredAt: null,
    },
    data: { retiredAt: new Date() },
  });
  // Content that was retired once and comes again is drawn again.
  await tx.benchmark.updateMany({
    where: { suite, contentHash: { in: hashes }, retiredAt: { not: null } },
    data: { retiredAt: null },
  });
  const { count: created } = await tx.benchmark.createMany({
    data: batch.map((benchmark, index) => ({
      ...benchmark,
      id: randomUUID(),
      suite,
      labels: benchmark.labels ?? [],
      grader: toJson(benchmark.grader),
      metadata: toJson(benchmark.metadata ?? {}),
      required: isMarkedRequired(benchmark),
      groupHash: groupOf(benchmark.input),
      contentHash: hashes[index] ?? benchmarkHash(benchmark),
    })),
    skipDuplicates: true,
  });
  return { created, unchanged: batch.length - created, retired: retired.count };
}

/** The benchmark with texts as Postgres can hold them. */
export function storable(benchmark: NewBenchmark): NewBenchmark {
  const { input, expected } = benchmark;
  return {
    ...benchmark,
    input: storableText(input),
    expected: expected === null ? null : storableText(expected),
  };
}
