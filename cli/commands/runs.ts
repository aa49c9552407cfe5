import type { Command } from "commander";
import { listOptimizations } from "#lib/db/optimizations.ts";
import { withDatabase } from "../database.ts";
import { wholeNumber } from "../input.ts";
import { printJson, printTable, usd } from "../output.ts";

/** `genepool runs`: the optimizations, newest first. */
export function addRunsCommand(program: Command): void {
  program
    .command("runs")
    .description("optimizations: what ran, how far, what it cost")
    .option("--agent <type>", "only of this agent type")
    .option("--limit <n>", "rows at most", wholeNumber("--limit", 1, 500), 20)
    .option("--json", "machine-readable output")
    .addHelpText("after", "\nExample:\n  genepool runs --agent engineer --limit 5")
    .action(async (options: { agent?: string; limit: number; json?: boolean }) => {
      await withDatabase(async (db) => {
        const page = await listOptimizations(db, {
          limit: options.limit,
          ...(options.agent === undefined ? {} : { agentType: options.agent }),
        });
        if (options.json)
          return printJson({ optimizations: page.items, nextCursor: page.nextCursor });
        printTable(
          [
            "id",
            "agent",
            "state",
            "step",
            "generation",
            "trials",
            "spent",
            "cap",
            "seed",
            "started",
            "outcome",
          ],
          page.items.map((run) => [
            run.id,
            run.agentType,
            run.simulated ? `${run.state} (simulated)` : run.state,
            run.step ?? "",
            proofWords(run.config.prove.length) ?? run.generation,
            `${run.trialsDone}/${run.trialsPlanned}`,
            usd(run.spentUsd),
            usd(run.capUsd),
            run.seed,
            run.startedAt?.toISOString().slice(0, 16) ?? "",
            run.failure ?? run.outcome ?? "",
          ]),
        );
      });
    });
}

/** What a run without a search is; null for a search. */
function proofWords(prompts: number): string | null {
  if (prompts === 0) return null;
  return `proof of ${prompts} prompt${prompts === 1 ? "" : "s"}`;
}
