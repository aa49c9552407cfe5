import { type Command, Option } from "commander";
import { listAgentTypes } from "#lib/db/agent-types.ts";
import { hasBenchmarks } from "#lib/db/benchmarks.ts";
import { type RepeatBehaviour, repeatBehaviours } from "#lib/domain/optimization.ts";
import { promptGenome } from "#lib/domain/prompt.ts";
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { readExecutors } from "#lib/executors/settings.ts";
import { agentWindow } from "#lib/journal/agent-window.ts";
import { addAgent } from "#lib/registry/add-agent.ts";
import { productionPrompt } from "#lib/registry/production.ts";
import { withDatabase } from "../database.ts";
import { readTextFile, wholeNumber } from "../input.ts";
import { percentWithInterval, printJson, printTable, usd } from "../output.ts";

interface AddOptions {
  suite: string;
  system: string;
  model: string;
  prompt: string;
  description: string;
  temperature: string;
  maxOutputTokens: number;
  repeats?: RepeatBehaviour;
  margin: string;
}

/** `genepool agents list|add`: an agent type of one's own that answers an imported suite. */
export function addAgentCommands(program: Command): void {
  const agents = program
    .command("agents")
    .description("agent types: list them, add one that answers an imported suite");
  agents.command("list").option("--json", "machine-readable output").action(list);
  agents
    .command("add <name>")
    .description("a single agent on an imported suite, with its first prompt in production")
    .requiredOption("--suite <name>", "suite it is evaluated on")
    .option(
      "--system <name>",
      "who runs it: single, or a system of the executors file (docs/executors.md)",
      "single",
    )
    .requiredOption("--model <id>", "model that answers: provider:name")
    .requiredOption(
      "--prompt <file>",
      "Jinja2 template that uses {{ input }}; lines `system:`, `user:`, `assistant:` divide it into messages",
    )
    .option("--description <text>", "what the agent is for", "Answers a suite.")
    .option("--temperature <t>", "sampling temperature", "0")
    .option(
      "--max-output-tokens <n>",
      "length of an answer",
      wholeNumber("--max-output-tokens", 16, 32_768),
      64,
    )
    .addOption(
      new Option(
        "--repeats <behaviour>",
        "whether equal requests can be answered differently; left out, each run probes it",
      ).choices(repeatBehaviours),
    )
    .option(
      "--margin <points>",
      "largest drop of success, in points, at which a cheaper prompt counts as equal",
      "5",
    )
    .addHelpText(
      "after",
      "\nExample:\n  genepool agents add sst2 --suite sst2 --model compatible:smollm2 --prompt prompt.j2",
    )
    .action(add);
}

async function list(options: { json?: boolean }): Promise<void> {
  await withDatabase(async (db) => {
    const { items } = await listAgentTypes(db);
    const rows = await Promise.all(
      items.map(async (agent) => ({
        agent,
        production: (await productionPrompt(db, agent.name))?.prompt.version ?? null,
        window: await agentWindow(db, agent.name, agent.thresholds.windowRuns),
      })),
    );
    if (options.json) return printJson({ agents: rows });
    printTable(
      ["agent", "system", "suite", "prod", "success", "cost", "model"],
      rows.map(({ agent, production, window }) => [
        agent.name,
        agent.system,
        agent.suite,
        production ?? "",
        window.runs === 0 ? "no runs" : percentWithInterval(window.success),
        usd(window.costUsd.value),
        agent.defaultModel,
      ]),
    );
  });
}

/** The system's name; throws AppError("invalid") where nothing runs it. */
async function knownSystem(system: string): Promise<string> {
  const executors = await readExecutors(env().GENEPOOL_EXECUTORS_FILE);
  const foreign = executors.flatMap(({ systems }) => systems);
  if (system === "single" || foreign.includes(system)) return system;
  throw new AppError(
    "invalid",
    `Nothing runs the agent system "${system}". Known: ${["single", ...foreign].join(", ")}. Others are added in the file that GENEPOOL_EXECUTORS_FILE names (docs/executors.md).`,
  );
}

async function add(name: string, options: AddOptions): Promise<void> {
  const content = await readTextFile(options.prompt);
  const temperature = Number(options.temperature);
  if (!(temperature >= 0 && temperature <= 2))
    throw new AppError("invalid", "--temperature must be from 0 to 2.");
  const margin = Number(options.margin);
  if (!(margin >= 0.5 && margin <= 50))
    throw new AppError("invalid", `--margin must be 0.5 to 50 points, not "${options.margin}".`);
  await withDatabase(async (db) => {
    const genome = promptGenome.parse({
      content,
      parameters: { temperature, maxSteps: 1, maxOutputTokens: options.maxOutputTokens },
      tools: [],
    });
    const { agent, prompt } = await addAgent(db, {
      agent: {
        name,
        suite: options.suite,
        description: options.description,
        requiredVariables: ["input"],
        defaultModel: options.model,
        repeats: options.repeats ?? null,
        nonInferiorityMargin: margin / 100,
      },
      system: await knownSystem(options.system),
      genome,
      message: `First prompt from ${options.prompt}`,
      actor: "command line",
      mayExist: true,
    });
    process.stdout.write(
      `${name}@${prompt.version} is kept; ${name} answers the suite ${agent.suite} with ${agent.defaultModel}.\n`,
    );
    if (!(await hasBenchmarks(db, agent.suite)))
      process.stderr.write(
        `The suite "${agent.suite}" holds no benchmark yet: genepool suites import <file> --name ${agent.suite}\n`,
      );
  });
}
