import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { systemClock } from "#lib/clock.ts";
import type { Database } from "#lib/db/client.ts";
import { claimCertification, getCertification } from "#lib/db/judge-certifications.ts";
import { loadJudgeLabels } from "#lib/db/judge-labels.ts";
import { defaultCostLimitUsd } from "#lib/domain/judge.ts";
import { AppError } from "#lib/errors.ts";
import { closeBounded } from "#lib/graders/bounded.ts";
import { answersToLabel } from "#lib/judges/answers-to-label.ts";
import { carryOutCertification, certificationLeaseMs } from "#lib/judges/certification-work.ts";
import { importLabels, parseLabels } from "#lib/judges/import-labels.ts";
import { requestCertification } from "#lib/judges/request-certification.ts";
import { judgeReports, standingOf } from "#lib/judges/standing.ts";
import { rememberingResolver } from "#lib/llm/models.ts";
import { parseAnswers } from "#lib/suites/grade-answers.ts";
import type { LineError } from "#lib/suites/parse-suite.ts";
import { withDatabase } from "../database.ts";
import { exitCodes } from "../exit.ts";
import { readTextFile, wholeNumber } from "../input.ts";
import { labelOneByOne } from "../label-one-by-one.ts";
import { modelOptionsFromEnv } from "../models.ts";
import { printJson } from "../output.ts";
import { printStanding } from "../print-standing.ts";
import { trialProgress } from "../progress.ts";

interface LabelOptions {
  import?: string;
  answers?: string;
  by?: string;
  limit: number;
  json?: boolean;
}

/** `genepool suites label`, `labels`, `certify` and `judge`. */
export function addSuiteJudgeCommands(suites: Command, amount: (value: string) => number): void {
  suites
    .command("label <suite>")
    .description("say which answers pass, one by one, or import what was said elsewhere")
    .option("--import <file>", "JSONL, {id, answer, pass, by?} a line; - reads standard input")
    .option("--answers <file>", "label these answers, {id, answer} a line, not those of trials")
    .option("--by <name>", "who says so; the name of this computer's user by default")
    .option("--limit <count>", "answers to ask about", wholeNumber("--limit", 1, 10_000), 50)
    .option("--json", "machine-readable output")
    .addHelpText(
      "after",
      `
Examples:
  genepool suites label triage
  genepool suites label triage --import labels.jsonl --by ann`,
    )
    .action(runLabel);
  suites
    .command("labels <suite>")
    .description("what people said of answers, as JSONL that --import takes")
    .action(runLabels);
  suites
    .command("certify <suite>")
    .description("compare the suite's judges with what people said, and keep the result")
    .option("--cost-limit <usd>", "the most that judging may cost", amount, defaultCostLimitUsd)
    .option("--json", "machine-readable output")
    .addHelpText(
      "after",
      `
Ends with ${exitCodes.ok} when every judge is certified and with ${exitCodes.failed} when one is not.

Example:
  genepool suites certify triage --cost-limit 2`,
    )
    .action(runCertify);
  suites
    .command("judge <suite>")
    .description("whether verdicts may rest on the suite's judges; asks no model")
    .option("--json", "machine-readable output")
    .action((suite: string, { json = false }: { json?: boolean }) =>
      withDatabase(async (db) => {
        await showStanding(db, suite, json);
      }),
    );
}

async function runLabel(suite: string, options: LabelOptions): Promise<void> {
  const by = options.by ?? userInfo().username;
  if (options.import !== undefined) {
    const { labels, errors } = parseLabels(await readTextFile(options.import));
    if (errors.length > 0) refuseLines("labels", errors);
    const imported = await withDatabase((db) => importLabels(db, { suite, labels, actor: by }));
    if (options.json) return printJson(imported);
    process.stdout.write(
      `${suite}: ${imported.created} new labels, ${imported.unchanged} known.\n`,
    );
    return;
  }
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new AppError(
      "invalid",
      "Labelling asks on a terminal. Give labels from elsewhere with --import.",
    );
  const given = options.answers === undefined ? undefined : await answersIn(options.answers);
  await withDatabase(async (db) => {
    const found = await answersToLabel(db, { suite, by, ...(given && { given }) });
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    const closed = new AbortController();
    terminal.once("close", () => closed.abort());
    try {
      await labelOneByOne(found, {
        limit: options.limit,
        // A terminal that was closed (Ctrl-C, Ctrl-D) asks no more: what was said is kept.
        ask: (text) => terminal.question(text, { signal: closed.signal }).catch(() => "quit"),
        write: (text) => process.stdout.write(text),
        save: async ({ id, answer, pass }) => {
          await importLabels(db, { suite, labels: [{ id, answer, pass }], actor: by });
        },
      });
    } finally {
      terminal.close();
    }
  });
}

async function answersIn(file: string): Promise<Map<string, string>> {
  const { answers, errors } = parseAnswers(await readTextFile(file));
  if (errors.length > 0) refuseLines("answers", errors);
  return answers;
}

function refuseLines(what: string, errors: readonly LineError[]): never {
  for (const { line, message } of errors.slice(0, 50)) console.error(`line ${line}: ${message}`);
  throw new AppError("invalid", `${errors.length} bad lines among the ${what}; nothing was read.`);
}

async function runLabels(suite: string): Promise<void> {
  await withDatabase(async (db) => {
    for (const label of await loadJudgeLabels(db, suite)) {
      const { externalId: id, answer, pass, labelledBy: by } = label;
      process.stdout.write(`${JSON.stringify({ id, answer, pass, by })}\n`);
    }
  });
}

async function runCertify(
  suite: string,
  { costLimit, json = false }: { costLimit: number; json?: boolean },
): Promise<void> {
  const modelOf = rememberingResolver(await modelOptionsFromEnv());
  await withDatabase(async (db) => {
    const owner = `command-line-${process.pid}-${randomUUID().slice(0, 8)}`;
    const request = { suite, costLimitUsd: costLimit, actor: "command line" };
    const { id } = await requestCertification(db, request);
    const lease = { owner, leaseMs: certificationLeaseMs, id };
    const certification = await claimCertification(db, lease);
    if (certification === null)
      throw new AppError("conflict", "The optimizer has taken this up: see genepool suites judge.");
    const ending = new AbortController();
    const interrupt = () =>
      ending.abort(new AppError("unavailable", "Called off; it goes on when certified again."));
    process.once("SIGINT", interrupt);
    const progress = trialProgress(json, "verdicts");
    try {
      await carryOutCertification(
        db,
        { certification, owner },
        { modelOf, clock: systemClock, signal: ending.signal, onProgress: progress.update },
      );
    } finally {
      progress.stop();
      process.off("SIGINT", interrupt);
      await closeBounded();
    }
    const isCertified = await showStanding(db, suite, json, id);
    process.exitCode = isCertified ? exitCodes.ok : exitCodes.failed;
  });
}

/** Prints where the judges of a suite stand; true when verdicts may rest on them. */
async function showStanding(
  db: Database,
  suite: string,
  json: boolean,
  certificationId?: string,
): Promise<boolean> {
  const reports = await judgeReports(db, suite);
  const standing = standingOf(reports);
  const certification =
    certificationId === undefined ? null : await getCertification(db, certificationId);
  if (json) {
    const judges = reports.map(({ judge, labelledAnswers, figures, shortcomings }) => ({
      models: judge.models,
      labelledAnswers,
      figures,
      shortcomings,
    }));
    printJson({ suite, ...standing, judges, certification });
  } else printStanding(suite, standing, reports, certification?.result ?? null);
  return standing.state !== "uncertified";
}
