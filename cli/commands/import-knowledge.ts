import { createReadStream } from "node:fs";
import type { Command } from "commander";
import type { Database } from "#lib/db/client.ts";
import { AppError } from "#lib/errors.ts";
import { importKnowledge } from "#lib/transfer/knowledge/import-knowledge.ts";
import { withDatabase } from "../database.ts";
import { printJson } from "../output.ts";

/** `genepool import`. */
export function addImportCommand(program: Command): void {
  program
    .command("import <file>")
    .description("read an export into the database, all of it or nothing; - reads standard input")
    .option("--json", "machine-readable output")
    .addHelpText(
      "after",
      `
Rows that are there already are left alone; one that contradicts them refuses the file. Stop the product while you
import. Prompts in YAML or Prompty files: genepool prompts import.

Examples:
  genepool import genepool.jsonl
  gunzip < later.jsonl.gz | genepool import -`,
    )
    .action(run);
}

async function run(file: string, options: { json?: boolean }): Promise<void> {
  const work = async (db: Database) => {
    const { created, known, header } = await importKnowledge(db, bytesOf(file));
    if (options.json) return printJson({ created, known, header });
    process.stdout.write(`${created} new, ${known} known rows, as they were at ${header.at}.\n`);
  };
  // Settings of the environment would contradict those of the file.
  await withDatabase(work, { asItIs: true });
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const stream: AsyncIterable<Uint8Array> = file === "-" ? process.stdin : createReadStream(file);
  try {
    yield* stream;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new AppError("invalid", `Cannot read ${file}: ${error.message}`, { cause: error });
  }
}
