import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import { AppError } from "#lib/errors.ts";
import type { RunReport } from "#lib/http/shapes/report.ts";
import { reportPage } from "#lib/http/views/report-html/report-page.ts";
import { runReport } from "#lib/http/views/run-report.ts";
import { withDatabase } from "../database.ts";
import { printJson } from "../output.ts";
import { printRunReport } from "../print-run-report.ts";

/** `genepool report`: one page about a run, in words, as JSON, or as a file to forward. */
export function addReportCommand(program: Command): void {
  program
    .command("report")
    .description("what an optimization found, refused and cost, and how to repeat it")
    .argument("<optimizationId>", "as genepool runs shows it")
    .option("--html <file>", "write the page that can be forwarded")
    .option("--json", "machine-readable output")
    .addHelpText(
      "after",
      "\nExample:\n  genepool report 3f0a2f6e-9a44-4c0e-8b5e-5f5d7f0c7f10 --html report.html",
    )
    .action(async (id: string, options: { html?: string; json?: boolean }) => {
      if (!z.uuid().safeParse(id).success)
        throw new AppError("invalid", `"${id}" is not the id of a run. genepool runs shows them.`);
      await withDatabase(async (db) => {
        const report = await runReport(db, id, new Date());
        if (options.html !== undefined) await writePage(options.html, report);
        if (options.json) printJson(report);
        else printRunReport(report);
      });
    });
}

async function writePage(file: string, report: RunReport): Promise<void> {
  try {
    await writeFile(file, reportPage(report));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("invalid", `The page could not be written: ${reason}`, { cause });
  }
  console.error(`Written: ${file}`);
}
