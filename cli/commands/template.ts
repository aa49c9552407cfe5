import type { Command } from "commander";
import { checkTemplate } from "#lib/template/check.ts";
import { exitCodes } from "../exit.ts";
import { readTextFile } from "../input.ts";
import { printJson } from "../output.ts";

/** `genepool template check`. */
export function addTemplateCommand(program: Command): void {
  const template = program
    .command("template")
    .description("check and render prompt templates (Jinja2)");
  template
    .command("check <file>")
    .description("what the registry would say when this template is saved; - reads standard input")
    .option("--require <variables...>", "variables that the template must use")
    .option("--json", "machine-readable output")
    .addHelpText("after", "\nExample:\n  genepool template check prompt.j2 --require input")
    .action(check);
}

async function check(file: string, options: { require?: string[]; json?: boolean }): Promise<void> {
  const result = checkTemplate(await readTextFile(file), {
    requiredVariables: options.require ?? [],
  });
  if (options.json) printJson(result);
  else if (result.ok)
    process.stdout.write(`Accepted. Variables: ${result.variables.join(", ") || "none"}\n`);
  else
    for (const { line, column, reason } of result.refusals)
      process.stdout.write(`${file}:${line}:${column} ${reason}\n`);
  if (!result.ok) process.exitCode = exitCodes.usage;
}
