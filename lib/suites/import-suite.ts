import { z } from "zod";
import type { Database } from "#lib/db/client.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { AppError } from "../errors.ts";
import { type CommandList, noCommands } from "../graders/command-list.ts";
import { parseInput } from "../parse-input.ts";
import { describeGroups, type SuiteGroups } from "./describe-groups.ts";
import { type LineError, readSuite } from "./parse-suite.ts";
import { planGroups } from "./plan-groups.ts";
import { planBenchmarks, type StoredBenchmarks, storeBenchmarks } from "./store-benchmarks.ts";
import { assignedSeals, keepSuiteGroups } from "./suite-groups.ts";

/** What was imported; the groups are those of the whole suite as it is after the import. */
export interface ImportedSuite extends StoredBenchmarks, SuiteGroups {
  suite: string;
  /** True when nothing was written: the figures say what would be. */
  checked: boolean;
  /** Lines that were left out; empty unless `skipBadLines`. */
  skipped: LineError[];
}

/** Name of a suite. */
export const suiteName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,99}$/,
    "A suite's name has 1 to 100 lower-case letters, digits, dots, dashes and underscores.",
  );

export interface SuiteImport {
  suite: string;
  text: string;
  actor: string;
  skipBadLines?: boolean;
  /** Says what would be imported, and writes nothing. */
  check?: boolean;
  /** The operator's own grading programs, which lines may name; none by default. */
  commands?: CommandList;
}

/** As many as one transaction takes within half of its time. */
const benchmarksMax = 10_000;
/** As many bad lines as a person reads at once. */
const errorsShown = 50;

/**
 * Imports a JSONL suite; importing it again changes nothing. Throws AppError("invalid") with details.errors (line and
 * message each, the first 50) and details.badLines (how many there are) and imports nothing when a line is bad, unless
 * `skipBadLines`; also for an empty suite or a bad name.
 */
export async function importSuite(db: Database, request: SuiteImport): Promise<ImportedSuite> {
  const { suite, text, actor, skipBadLines = false, check = false } = request;
  parseInput(suiteName, suite, "This name is");
  const { benchmarks, errors } = await readSuite(text, request.commands ?? noCommands);
  const [first] = errors;
  if (first !== undefined && !skipBadLines) {
    throw new AppError(
      "invalid",
      `Nothing was imported: ${errors.length} bad ${errors.length === 1 ? "line" : "lines"}, the first is line ${first.line}: ${first.message}`,
      { details: { badLines: errors.length, errors: errors.slice(0, errorsShown) } },
    );
  }
  if (benchmarks.length > benchmarksMax)
    throw new AppError(
      "invalid",
      `The suite holds ${benchmarks.length} benchmarks; import it in files of at most ${benchmarksMax}, which add up.`,
    );
  if (benchmarks.length === 0) throw new AppError("invalid", "The suite holds no benchmark.");
  if (check) {
    const planned = await planBenchmarks(db, suite, benchmarks);
    const stored = await keepSuiteGroups(db, suite);
    const groups = describeGroups(planGroups(stored, benchmarks, await assignedSeals(db, suite)));
    return { suite, checked: true, ...planned, ...groups, skipped: errors };
  }
  const stored = await inTransaction(db, async (tx) => {
    const before = await tx.benchmark.count({ where: { suite, retiredAt: null } });
    const stored = await storeBenchmarks(tx, suite, benchmarks);
    await appendAudit(tx, {
      actor,
      action: "suite.import",
      subject: `suite:${suite}`,
      before: { benchmarks: before },
      after: { benchmarks: before + stored.created - stored.retired, ...stored },
    });
    return stored;
  });
  const groups = describeGroups(await keepSuiteGroups(db, suite));
  return { suite, checked: false, ...stored, ...groups, skipped: errors };
}
