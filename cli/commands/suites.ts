import path from "node:path";
import type { Command } from "commander";
import { importSuite } from "#lib/suites/import-suite.ts";
import { withDatabase } from "../database.ts";
import { readTextFile } from "../input.ts";
import { printJson } from "../output.ts";

/** `genepool suites import`. */
export function addSuitesCommand(program: Command): void {
  program
    .command("suites")
    .description("suites of benchmarks")
    .command("import <file>")
    .description(
      "import JSONL: {id, input, expected, labels?, grader?} a line; - reads standard input",
    )
    .option("--name <suite>", "name of the suite; the file's name by default")
    .option("--skip", "leave bad lines out instead of importing nothing")
    .option("--json", "machine-readable output")
    .addHelpText("after", "\nExample:\n  genepool suites import sst2.dev.jsonl --name sst2")
    .action(async (file: string, options: { name?: string; skip?: boolean; json?: boolean }) => {
      const text = await readTextFile(file);
      const suite = options.name ?? path.basename(file).replace(/(\.dev)?\.jsonl$/, "");
      await withDatabase(async (db) => {
        const skipBadLines = options.skip === true;
        const request = { suite, text, actor: "command line", skipBadLines };
        const result = await importSuite(db, request);
        if (options.json) return printJson(result);
        process.stdout.write(
          `${suite}: ${result.created} new, ${result.unchanged} unchanged, ${result.retired} retired benchmarks.\n`,
        );
        for (const { line, message } of result.skipped)
          console.error(`line ${line} left out: ${message}`);
      });
    });
}
