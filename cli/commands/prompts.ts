import { type Command, Option } from "commander";
import { listPrompts } from "#lib/db/prompts.ts";
import { type PromptStatus, promptStatuses } from "#lib/domain/prompt.ts";
import { AppError } from "#lib/errors.ts";
import { approveCandidate } from "#lib/registry/decide.ts";
import { diffPrompts } from "#lib/registry/diff-prompts.ts";
import { type Fitness, fitnessScores } from "#lib/registry/fitness.ts";
import { publicPrompt } from "#lib/registry/public-prompt.ts";
import { requireReview } from "#lib/registry/reviews.ts";
import { withDatabase } from "../database.ts";
import { findPrompt } from "../find-prompt.ts";
import { wholeNumber } from "../input.ts";
import { printJson, printTable } from "../output.ts";
import { addImportPrompts } from "./import-prompts.ts";
import { addProvePrompts } from "./prove-prompts.ts";
import { addReleasePrompt } from "./release-prompt.ts";

/** `genepool prompts list|show|diff|approve|prove|release|import`. */
export function addPromptsCommand(program: Command): void {
  const prompts = program
    .command("prompts")
    .description("read the registry, prove, approve, release and import prompts")
    .addHelpText(
      "after",
      `
A prompt is named by its id or as AGENT@VERSION.

Examples:
  genepool prompts list --agent engineer --status candidate
  genepool prompts show engineer@1.0.3
  genepool prompts diff engineer@1.0.0 engineer@1.0.3
  genepool prompts approve engineer@1.0.3 --reason "better on every family"
  genepool prompts prove engineer@1.1.0
  genepool prompts release engineer@1.1.0 --reason "the tool was renamed, the old prompt fails"`,
    );
  prompts
    .command("list")
    .description("prompts, newest first")
    .option("--agent <type>", "only of this agent type")
    .addOption(new Option("--status <status>", "only in this status").choices([...promptStatuses]))
    .option("--limit <n>", "rows at most", wholeNumber("--limit", 1, 500), 50)
    .option("--cursor <cursor>", "where the page before ended")
    .option("--json", "machine-readable output")
    .action(list);
  prompts
    .command("show <prompt>")
    .description("one prompt with its content")
    .option("--json", "machine-readable output")
    .action(show);
  prompts
    .command("diff <from> <to>")
    .description("what differs between two prompts")
    .option("--json", "machine-readable output")
    .action(diff);
  prompts
    .command("approve <prompt>")
    .description("put a candidate into production")
    .requiredOption("--reason <text>", "why; kept in the ledger")
    .option("--by <name>", "who approves", "command line")
    .option("--json", "machine-readable output")
    .action(approve);
  addProvePrompts(prompts);
  addReleasePrompt(prompts);
  addImportPrompts(prompts);
}

interface ListOptions {
  agent?: string;
  status?: PromptStatus;
  limit: number;
  cursor?: string;
  json?: boolean;
}

async function list(options: ListOptions): Promise<void> {
  await withDatabase(async (db) => {
    const page = await listPrompts(db, {
      ...(options.agent === undefined ? {} : { agentType: options.agent }),
      ...(options.status === undefined ? {} : { status: options.status }),
      limit: options.limit,
      cursor: options.cursor,
    });
    const fitness = await fitnessScores(
      db,
      page.items.map((prompt) => prompt.id),
    );
    if (options.json) {
      const items = page.items.map((prompt) =>
        publicPrompt(prompt, fitness.get(prompt.id) ?? null),
      );
      return printJson({ items, nextCursor: page.nextCursor });
    }
    printTable(
      ["agent", "version", "status", "tags", "success", "made by", "created", "message"],
      page.items.map((prompt) => [
        prompt.agentType,
        prompt.version,
        prompt.unproven ? `${prompt.status} (unproven)` : prompt.status,
        prompt.tags.join(","),
        successOf(fitness.get(prompt.id)),
        prompt.createdBy,
        prompt.createdAt.toISOString().slice(0, 16),
        prompt.message.slice(0, 60),
      ]),
    );
    if (page.nextCursor !== null) console.error(`More: --cursor ${page.nextCursor}`);
  });
}

async function show(name: string, options: { json?: boolean }): Promise<void> {
  await withDatabase(async (db) => {
    const prompt = await findPrompt(db, name);
    const fitness = await fitnessScores(db, [prompt.id]);
    if (options.json) return printJson(publicPrompt(prompt, fitness.get(prompt.id) ?? null));
    const mark = prompt.unproven ? " (unproven)" : "";
    const facts = `${prompt.agentType}@${prompt.version}  ${prompt.status}${mark}  ${prompt.tags.join(",")}\n${prompt.message}`;
    console.error(
      `${facts}\nparameters ${JSON.stringify(prompt.parameters)}  tools ${prompt.tools.join(", ")}\n`,
    );
    process.stdout.write(prompt.content);
  });
}

async function diff(from: string, to: string, options: { json?: boolean }): Promise<void> {
  await withDatabase(async (db) => {
    const changes = diffPrompts(await findPrompt(db, from), await findPrompt(db, to));
    if (options.json) return printJson(changes);
    const mark = { same: " ", added: "+", removed: "-" };
    for (const { kind, text } of changes.lines) {
      for (const line of text.replace(/\n$/, "").split("\n"))
        process.stdout.write(`${mark[kind]} ${line}\n`);
    }
    for (const { name, before, after } of changes.parameters) {
      process.stdout.write(`${name}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}\n`);
    }
    for (const tool of changes.toolsAdded) process.stdout.write(`+ tool ${tool}\n`);
    for (const tool of changes.toolsRemoved) process.stdout.write(`- tool ${tool}\n`);
  });
}

async function approve(
  name: string,
  options: { reason: string; by: string; json?: boolean },
): Promise<void> {
  await withDatabase(async (db) => {
    const review = await requireReview(db, (await findPrompt(db, name)).id);
    const { prompt, evidenceDigest, prodGeneration } = review;
    if (review.blocked !== null) throw new AppError("conflict", review.blocked);
    const approval = await approveCandidate(db, {
      promptId: prompt.id,
      reviewer: options.by,
      reason: options.reason,
      evidenceDigest,
      prodGeneration,
    });
    if (options.json)
      return printJson({
        prompt: publicPrompt(approval.prompt, null),
        generation: approval.tag.generation,
      });
    process.stdout.write(
      `${prompt.agentType}@${prompt.version} is in production (prod, generation ${approval.tag.generation}).\n`,
    );
  });
}

function successOf(fitness: Fitness | undefined): string {
  if (fitness === undefined) return "";
  return `${Math.round(fitness.value * 100)} %${fitness.simulated ? " (simulated)" : ""}`;
}
