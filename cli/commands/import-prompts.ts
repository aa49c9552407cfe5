import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { Database } from "#lib/db/client.ts";
import { AppError } from "#lib/errors.ts";
import type { FileFault, ReadPrompts } from "#lib/transfer/prompts/file-prompt.ts";
import { type ImportedPrompts, importPrompts } from "#lib/transfer/prompts/import-prompts.ts";
import { type PlannedPrompt, planImport } from "#lib/transfer/prompts/plan-import.ts";
import { readPrompty } from "#lib/transfer/prompts/read-prompty.ts";
import { readYamlPrompts } from "#lib/transfer/prompts/read-yaml.ts";
import { withDatabase } from "../database.ts";
import { exitCodes } from "../exit.ts";
import { readTextFile } from "../input.ts";
import { printJson, printTable } from "../output.ts";

interface ImportOptions {
  agent?: string;
  apply?: boolean;
  yes?: boolean;
  promote?: boolean;
  by: string;
  json?: boolean;
}

/** More would hide the first ones, which are mended first. */
const faultsShown = 20;

/** `genepool prompts import`. */
export function addImportPrompts(prompts: Command): void {
  prompts
    .command("import <files...>")
    .description("import prompts from YAML and Prompty files or folders; shows what it would do")
    .option("--agent <type>", "agent type of Prompty files; the file's name by default")
    .option("--apply", "write; without it, a terminal is asked and a script only shown")
    .option("--yes", "write without asking")
    .option("--promote", "put the files' production prompts into production where there is none")
    .option("--by <name>", "who imports", "command line")
    .option("--json", "machine-readable output")
    .addHelpText(
      "after",
      `
Examples:
  genepool prompts import prompts.yaml
  genepool prompts import prompts.yaml --apply --promote
  genepool prompts import answer.prompty --agent engineer --apply`,
    )
    .action(run);
}

async function run(files: string[], options: ImportOptions): Promise<void> {
  const read = await readFiles(files, options);
  for (const fault of read.leftOut) console.error(`note: ${placed(fault)}`);
  if (read.faults.length > 0) throw unreadable(read.faults);
  if (read.prompts.length === 0) throw new AppError("invalid", "The files hold no prompts.");
  await withDatabase(async (db) => {
    const planned = await planImport(db, read.prompts, options.by);
    if (!options.json) printPlan(planned);
    if (planned.some(({ action }) => action === "refused")) {
      if (options.json) printJson({ applied: false, prompts: planned.map(publicStep) });
      console.error("Nothing is imported while a prompt is refused.");
      process.exitCode = exitCodes.usage;
      return;
    }
    if (!(await mayWrite(options))) {
      if (options.json) printJson({ applied: false, prompts: planned.map(publicStep) });
      else console.error("Nothing was written; --apply does it.");
      return;
    }
    report(await write(db, read, options), options);
  });
}

function write(db: Database, read: ReadPrompts, options: ImportOptions): Promise<ImportedPrompts> {
  const promote = options.promote === true;
  return importPrompts(db, read.prompts, { actor: options.by, promote });
}

function report({ planned, promotions }: ImportedPrompts, options: ImportOptions): void {
  if (options.json) {
    printJson({ applied: true, prompts: planned.map(publicStep), promotions });
    return;
  }
  const created = planned.filter(({ action }) => action === "create").length;
  process.stdout.write(`${created} imported, ${planned.length - created} unchanged.\n`);
  for (const { agentType, version, outcome } of promotions)
    process.stdout.write(`${agentType}@${version} ${outcome}.\n`);
}

async function mayWrite({ apply, yes, json }: ImportOptions): Promise<boolean> {
  if (apply === true || yes === true) return true;
  if (json === true || !process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question("Import these prompts? [y/N] ")).trim());
  } finally {
    terminal.close();
  }
}

function printPlan(planned: readonly PlannedPrompt[]): void {
  printTable(
    ["agent", "version", "what", "prod", "from", "why"],
    planned.map((prompt) => [
      prompt.agentType,
      prompt.version ?? "",
      prompt.action,
      prompt.production ? "yes" : "",
      `${prompt.file}:${prompt.line}`,
      prompt.action === "create" ? "" : prompt.reason,
    ]),
  );
}

function publicStep(prompt: PlannedPrompt): Record<string, unknown> {
  const { agentType, version, action, production, file, line } = prompt;
  const reason = prompt.action === "create" ? null : prompt.reason;
  return { agentType, version, action, production, file, line, reason };
}

function unreadable(faults: readonly FileFault[]): AppError {
  const shown = faults.slice(0, faultsShown).map((fault) => `  ${placed(fault)}`);
  const more = faults.length > faultsShown ? [`  and ${faults.length - faultsShown} more`] : [];
  return new AppError("invalid", ["Nothing was imported.", ...shown, ...more].join("\n"), {
    details: { faults },
  });
}

function placed({ file, line, message }: FileFault): string {
  return `${file}:${line} ${message}`;
}

async function readFiles(files: readonly string[], options: ImportOptions): Promise<ReadPrompts> {
  const all: ReadPrompts = { prompts: [], faults: [], leftOut: [] };
  for (const file of await expand(files)) {
    const read = await readOne(file, options);
    all.prompts.push(...read.prompts);
    all.faults.push(...read.faults);
    all.leftOut.push(...read.leftOut);
  }
  return all;
}

async function readOne(file: string, { agent }: ImportOptions): Promise<ReadPrompts> {
  const text = await readTextFile(file);
  if (file.endsWith(".prompty"))
    return readPrompty(file, text, agent ?? path.basename(file, ".prompty"));
  if (agent === undefined) return readYamlPrompts(file, text);
  throw new AppError("invalid", `--agent is for Prompty files; ${file} names its agent types.`);
}

/** Folders stand for the files in them that can be read, by name. */
async function expand(names: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const name of names) {
    // What cannot be looked at is said when it is read.
    const isFolder = name !== "-" && ((await stat(name).catch(() => null))?.isDirectory() ?? false);
    if (!isFolder) files.push(name);
    else {
      const found = (await readdir(name)).filter((file) => /\.(prompty|ya?ml)$/.test(file)).sort();
      files.push(...found.map((file) => path.join(name, file)));
    }
  }
  return files;
}
