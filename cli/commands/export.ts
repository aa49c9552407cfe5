import { open, rename, rm } from "node:fs/promises";
import type { Writable } from "node:stream";
import type { Command } from "commander";
import type { Database } from "#lib/db/client.ts";
import { AppError } from "#lib/errors.ts";
import { parseInput } from "#lib/parse-input.ts";
import { type Exported, exportKnowledge } from "#lib/transfer/knowledge/export-knowledge.ts";
import { exportMoment } from "#lib/transfer/knowledge/export-moment.ts";
import { withDatabase } from "../database.ts";

/** `genepool export`. */
export function addExportCommand(program: Command): void {
  program
    .command("export")
    .description("everything that is knowledge as JSONL: prompts, evidence, ledgers; no secrets")
    .option("--since <time>", "only rows that are new or changed since this ISO time")
    .option("--out <file>", "file that is written; standard output by default")
    .addHelpText(
      "after",
      `
Examples:
  genepool export --out genepool.jsonl
  genepool export --since 2026-01-31T12:00:00.000Z | gzip > later.jsonl.gz`,
    )
    .action(run);
}

async function run(options: { since?: string; out?: string }): Promise<void> {
  const since =
    options.since === undefined
      ? null
      : new Date(parseInput(exportMoment, options.since, `--since ${options.since} is`));
  const { lines, at } = await withDatabase((db) => {
    const { out } = options;
    return out === undefined ? writeTo(process.stdout, db, since) : writeFile(out, db, since);
  });
  console.error(`${lines} rows. What follows: genepool export --since ${at}`);
}

/** Under its name the file is whole or what it was before. */
async function writeFile(file: string, db: Database, since: Date | null): Promise<Exported> {
  const unfinished = `${file}.part`;
  const opened = await open(unfinished, "w", 0o600).catch((error: Error) => {
    throw new AppError("invalid", `Cannot write ${file}: ${error.message}`, { cause: error });
  });
  try {
    const stream = opened.createWriteStream();
    const exported = await writeTo(stream, db, since);
    await new Promise<void>((resolve, reject) => {
      stream.once("error", reject);
      stream.end(() => resolve());
    });
    await rename(unfinished, file);
    return exported;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

function writeTo(stream: Writable, db: Database, since: Date | null): Promise<Exported> {
  let failure: Error | null = null;
  stream.on("error", (error: Error) => {
    failure = error;
  });
  return exportKnowledge(db, { since }, (text) => {
    return new Promise<void>((resolve, reject) => {
      stream.write(text, (error) => {
        const cause = error ?? failure;
        if (cause === null || cause === undefined) resolve();
        else reject(new AppError("invalid", `Cannot write: ${cause.message}`, { cause }));
      });
    });
  });
}
