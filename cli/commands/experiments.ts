import type { Command } from "commander";
import { requireExperiment } from "#lib/db/experiments.ts";
import { verdictKindWords, verdictReasonWords } from "#lib/domain/verdict-words.ts";
import { verdictFacts } from "#lib/http/views/verdict-facts.ts";
import { withDatabase } from "../database.ts";
import { printJson, printTable } from "../output.ts";

/** `genepool experiments show`. */
export function addExperimentsCommand(program: Command): void {
  const experiments = program.command("experiments").description("read regression runs");
  experiments
    .command("show <id>")
    .description("one experiment with its verdict")
    .option("--json", "machine-readable output")
    .addHelpText("after", "\nExample:\n  genepool experiments show 0f8c1d52-…")
    .action(async (id: string, options: { json?: boolean }) => {
      await withDatabase(async (db) => {
        const experiment = await requireExperiment(db, id);
        if (options.json) {
          const { promptId: prompt_id, benchmarkIds: benchmark_ids, ...rest } = experiment;
          return printJson({ ...rest, prompt_id, benchmark_ids });
        }
        const { verdict } = experiment;
        const name = `${experiment.kind} of ${experiment.promptId}${experiment.simulated ? " (simulated model)" : ""}`;
        process.stdout.write(
          `${name}: ${experiment.status}, ${experiment.benchmarkIds.length} benchmarks × ${experiment.repeats}\n`,
        );
        if (verdict === null) return;
        process.stdout.write(
          `${verdictKindWords[verdict.kind]}. ${verdictReasonWords[verdict.reason]}.\n`,
        );
        printTable(["figure", "value"], verdictFacts(verdict));
        for (const caution of verdict.cautions) process.stdout.write(`! ${caution}\n`);
      });
    });
}
