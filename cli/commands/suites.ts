import path from "node:path";
import type { Command } from "commander";
import { listSuites, loadSuite } from "#lib/db/benchmarks.ts";
import { AppError } from "#lib/errors.ts";
import { closeBounded } from "#lib/graders/bounded.ts";
import { CostMeter } from "#lib/harness/cost-meter.ts";
import { rememberingResolver } from "#lib/llm/models.ts";
import { type GradedSuite, gradeAnswers, parseAnswers } from "#lib/suites/grade-answers.ts";
import { importSuite } from "#lib/suites/import-suite.ts";
import { type LineError, readSuite } from "#lib/suites/parse-suite.ts";
import { withDatabase } from "../database.ts";
import { readTextFile, wholeNumber } from "../input.ts";
import { commandListFromEnv, graderCommandsFromEnv, modelOptionsFromEnv } from "../models.ts";
import { percentWithInterval, printJson, printTable, usd } from "../output.ts";
import { printSuiteGroups } from "../print-suite-groups.ts";
import { addSuiteJudgeCommands } from "./suite-judges.ts";

interface ImportOptions {
  name?: string;
  skip?: boolean;
  check?: boolean;
  json?: boolean;
}

interface GradeOptions {
  answers: string;
  file?: string;
  show: number;
  costLimit: number;
  json?: boolean;
}

/** `genepool suites import`, `genepool suites grade` and those about judges. */
export function addSuitesCommand(program: Command): void {
  const suites = program.command("suites").description("suites of benchmarks");
  suites
    .command("import <file>")
    .description(
      "import JSONL: {id, input, expected?, labels?, grader? | graders?, threshold?, metadata?, required?} a line; - reads standard input",
    )
    .option("--name <suite>", "name of the suite; the file's name by default")
    .option("--check", "say what would be imported, and write nothing")
    .option("--skip", "leave bad lines out instead of importing nothing")
    .option("--json", "machine-readable output")
    .addHelpText("after", "\nExample:\n  genepool suites import sst2.dev.jsonl --name sst2 --check")
    .action(runImport);
  suites
    .command("grade <suite>")
    .description("judge answers that you have already, {id, answer} a line; runs no agent")
    .requiredOption("--answers <file>", "JSONL with the answers; - reads standard input")
    .option("--file <file>", "take the benchmarks from this JSONL instead of the registry")
    .option("--show <count>", "failures to print", wholeNumber("--show", 0, 100_000), 20)
    .option("--cost-limit <usd>", "the most that judging models may cost", dollars, 1)
    .option("--json", "machine-readable output")
    .addHelpText("after", "\nExample:\n  genepool suites grade sst2 --answers answers.jsonl")
    .action(runGrade);
  addSuiteJudgeCommands(suites, dollars);
}

function dollars(value: string): number {
  const amount = Number(value);
  if (value.trim() === "" || !(amount >= 0 && amount <= 10_000))
    throw new AppError("invalid", `--cost-limit must be 0 to 10000 USD, not "${value}".`);
  return amount;
}

async function runImport(file: string, options: ImportOptions): Promise<void> {
  const text = await readTextFile(file);
  const suite = options.name ?? path.basename(file).replace(/(\.dev)?\.jsonl$/, "");
  const commands = await commandListFromEnv();
  await withDatabase(async (db) => {
    const { check = false, skip: skipBadLines = false } = options;
    const request = { suite, text, actor: "command line", skipBadLines, check, commands };
    const result = await importSuite(db, request).catch((error: unknown) => {
      if (error instanceof AppError) printLineErrors(error.details);
      throw error;
    });
    if (options.json) return printJson(result);
    process.stdout.write(
      `${suite}: ${result.created} new, ${result.unchanged} unchanged, ${result.retired} retired benchmarks${check ? " if imported; nothing was written" : ""}.\n`,
    );
    printSuiteGroups(suite, result);
    for (const { line, message } of result.skipped)
      console.error(`line ${line} left out: ${message}`);
  });
}

function printLineErrors(details: AppError["details"]): void {
  if (typeof details !== "object" || details === null || !("errors" in details)) return;
  const errors = Array.isArray(details.errors) ? details.errors : [];
  for (const { line, message } of errors) console.error(`line ${line}: ${message}`);
  const total = "badLines" in details ? Number(details.badLines) : errors.length;
  if (total > errors.length) console.error(`… and ${total - errors.length} more.`);
}

async function runGrade(suite: string, options: GradeOptions): Promise<void> {
  const { answers, errors } = parseAnswers(await readTextFile(options.answers));
  if (errors.length > 0) refuseLines("answers", errors);
  const commands = await graderCommandsFromEnv();
  const benchmarks =
    options.file === undefined
      ? await withDatabase(async (db) => {
          const found = await loadSuite(db, suite);
          if (found.length > 0) return found;
          const known = (await listSuites(db)).items.map((item) => item.suite).join(", ");
          throw new AppError("not-found", `There is no suite "${suite}": ${known || "none yet"}.`);
        })
      : await readSuite(await readTextFile(options.file), await commandListFromEnv()).then(
          (read) => {
            if (read.errors.length > 0) refuseLines("benchmarks", read.errors);
            return read.benchmarks;
          },
        );
  const modelOf = rememberingResolver(await modelOptionsFromEnv());
  const meter = new CostMeter(options.costLimit);
  const graded = await gradeAnswers(benchmarks, answers, { judge: { modelOf, meter }, commands });
  await closeBounded();
  if (options.json) printJson({ suite, ...graded });
  else printGraded(suite, graded, options.show);
}

function refuseLines(what: string, errors: readonly LineError[]): never {
  printLineErrors({ errors: errors.slice(0, 50), badLines: errors.length });
  throw new AppError(
    "invalid",
    `${errors.length} bad lines among the ${what}; nothing was graded.`,
  );
}

function firstOf(ids: readonly string[]): string {
  const more = ids.length > 5 ? `, and ${ids.length - 5} more` : "";
  return `${ids.slice(0, 5).join(", ")}${more}`;
}

function printGraded(suite: string, graded: GradedSuite, show: number): void {
  const { success, failures, unanswered, unknown, graders } = graded;
  process.stdout.write(
    `${suite}: ${percentWithInterval(success)} succeed, mean score ${graded.meanScore.toFixed(3)}, judging cost ${usd(graded.costUsd)}.\n`,
  );
  if (unanswered.length > 0)
    process.stdout.write(`Not counted for want of an answer: ${firstOf(unanswered)}\n`);
  if (unknown.length > 0) process.stdout.write(`Answers to no benchmark: ${firstOf(unknown)}\n`);
  if (graders.length > 1)
    printTable(
      ["grader", "passes", "of", "mean score"],
      graders.map(({ grader, passes, n, meanScore }) => [grader, passes, n, meanScore.toFixed(3)]),
    );
  if (failures.length === 0) return;
  printTable(
    ["failed", "score", "why"],
    failures
      .slice(0, show)
      .map(({ id, score, message }) => [
        id,
        score.toFixed(2),
        message.replace(/\s+/g, " ").slice(0, 120),
      ]),
  );
  if (failures.length > show) process.stdout.write(`… and ${failures.length - show} more.\n`);
}
