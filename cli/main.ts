/** Entry of the command line: declares the commands, maps errors to exit codes. No logic. */
import { Command } from "commander";
import { addAgentCommands } from "./commands/agents.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addExecutorsCommands } from "./commands/executors.ts";
import { addExperimentsCommand } from "./commands/experiments.ts";
import { addExportCommand } from "./commands/export.ts";
import { addImportCommand } from "./commands/import-knowledge.ts";
import { addKeysCommand } from "./commands/keys.ts";
import { addLoopCommand } from "./commands/loop.ts";
import { addOptimizeCommand } from "./commands/optimize.ts";
import { addParetoCommand } from "./commands/pareto.ts";
import { addPromptsCommand } from "./commands/prompts.ts";
import { addReportCommand } from "./commands/report.ts";
import { addRunsCommand } from "./commands/runs.ts";
import { addSuitesCommand } from "./commands/suites.ts";
import { addTemplateCommand } from "./commands/template.ts";
import { addUsersCommand } from "./commands/users.ts";
import { addWorkerCommand } from "./commands/worker.ts";
import { exitCodes, reportFailure } from "./exit.ts";

const program = new Command("genepool")
  .description(
    "A prompt registry that evolves its prompts against benchmarks and proves each winner.",
  )
  .showHelpAfterError("(add --help for the options and examples)")
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    "after",
    `
Exit codes: ${exitCodes.ok} done, ${exitCodes.failed} failed, ${exitCodes.usage} wrong use or bad input, ${exitCodes.notFound} not found, ${exitCodes.conflict} conflict, ${exitCodes.unavailable} database or model not reachable, ${exitCodes.noCandidate} optimized, but nothing better was proven.

Examples:
  genepool optimize --agent engineer --model simulated --seed 7 --calls 1000
  genepool prompts list --agent engineer
  genepool template check prompt.j2`,
  );

for (const add of [
  addOptimizeCommand,
  addLoopCommand,
  addRunsCommand,
  addReportCommand,
  addExperimentsCommand,
  addPromptsCommand,
  addAgentCommands,
  addExecutorsCommands,
  addSuitesCommand,
  addTemplateCommand,
  addParetoCommand,
  addUsersCommand,
  addKeysCommand,
  addExportCommand,
  addImportCommand,
  addWorkerCommand,
  addDoctorCommand,
]) {
  add(program);
}

program.exitOverride();
try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportFailure(error);
}
