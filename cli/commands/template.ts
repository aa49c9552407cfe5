import { createInterface } from "node:readline";
import type { Command } from "commander";
import { AppError } from "#lib/errors.ts";
import { checkTemplate } from "#lib/template/check.ts";
import { renderJsonLine } from "#lib/template/render-json-line.ts";
import { parseTemplate, renderTemplate } from "#lib/template/template.ts";
import { exitCodes } from "../exit.ts";
import { readTextFile } from "../input.ts";
import { printJson } from "../output.ts";

/** `genepool template check|render`. */
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
  template
    .command("render [file]")
    .description("render a template, or many with --jsonl")
    .option("--context <file>", "JSON with the variables")
    .option(
      "--jsonl",
      "read lines {id, template, context, options?} on standard input, print lines {id, output} or {id, refused}",
    )
    .addHelpText(
      "after",
      `
Examples:
  genepool template render prompt.j2 --context variables.json
  genepool template render --jsonl < cases.jsonl`,
    )
    .action(render);
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

async function render(
  file: string | undefined,
  options: { context?: string; jsonl?: boolean },
): Promise<void> {
  if (options.jsonl) return renderLines();
  if (file === undefined) throw new AppError("invalid", "Name a template file, or use --jsonl.");
  const parsed = parseTemplate(await readTextFile(file));
  if (!parsed.ok) throw refused(file, parsed.refusal);
  const context = options.context === undefined ? "{}" : await readTextFile(options.context);
  const rendered = renderTemplate(parsed.template, context);
  if (!rendered.ok) throw refused(file, rendered.refusal);
  process.stdout.write(rendered.output);
}

async function renderLines(): Promise<void> {
  for await (const line of createInterface({
    input: process.stdin,
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line.trim() !== "") process.stdout.write(`${renderJsonLine(line)}\n`);
  }
}

function refused(
  file: string,
  { line, column, reason }: { line: number; column: number; reason: string },
): AppError {
  return new AppError("invalid", `${file}:${line}:${column} ${reason}`);
}
