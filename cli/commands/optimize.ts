import { type Command, Option } from "commander";
import { systemClock } from "#lib/clock.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import type { Database } from "#lib/db/client.ts";
import { type OptimizationConfig, optimizationConfig } from "#lib/domain/optimization.ts";
import { AppError } from "#lib/errors.ts";
import { canonicalModelId, type ModelOptions } from "#lib/llm/models.ts";
import { previewOptimization } from "#lib/optimizations/preview.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { type FreshFigures, measureFresh } from "#optimizer/fresh.ts";
import { addNumberOptions, numbersFrom } from "../config-options.ts";
import { withDatabase } from "../database.ts";
import { positiveAmount, wholeNumber } from "../input.ts";
import { modelOptionsFromEnv } from "../models.ts";
import { printJson } from "../output.ts";
import { printPreview } from "../print-preview.ts";
import { type RunHere, runHere } from "../run-here.ts";

interface OptimizeOptions {
  agent?: string;
  resume?: string;
  model?: string;
  proposerModel?: string;
  sanityModel?: string;
  concurrency: number;
  from?: string;
  evidence: "journal" | "calibration";
  capUsd: string;
  trialCapUsd: string;
  fresh: number;
  preview?: boolean;
  json?: boolean;
}

/** `genepool optimize`: runs one optimization here and now, with the same loop as the service. */
export function addOptimizeCommand(program: Command): void {
  const command = program.command("optimize");
  addNumberOptions(command);
  command
    .description("evolve an agent's prompt, prove the winner and put it into the review queue")
    .option("--agent <type>", "agent type whose prompt is evolved")
    .option("--resume <id>", "go on with a run whose process died, instead of starting one")
    .option("--model <id>", "model that runs the agents: provider:name, or simulated")
    .option("--proposer-model <id>", "model that rewrites prompts")
    .option("--sanity-model <id>", "inexpensive model that checks rewritten prompts")
    .option("--from <version>", "version to start from instead of production")
    .addOption(
      new Option(
        "--evidence <source>",
        "learn from calibration runs only (repeatable) or from the journal's runs too",
      )
        .choices(["calibration", "journal"])
        .default("calibration"),
    )
    .option("--cap-usd <amount>", "budget of this run", "25")
    .option("--trial-cap-usd <amount>", "most that one trial may cost; a dearer one fails", "0.5")
    .option(
      "--fresh <n>",
      "workbench only: problems never used in the run, measured afterwards beside the budget of calls",
      wholeNumber("--fresh", 0, 2_000),
      0,
    )
    .option("--preview", "print what it would take in calls, dollars and time, and start nothing")
    .option("--json", "machine-readable output")
    .addHelpText(
      "after",
      `
Examples:
  genepool optimize --agent engineer --model simulated --seed 7 --calls 1000 --json
  genepool optimize --agent sst2 --model compatible:smollm2 --calls 400`,
    )
    .action(optimize);
}

async function optimize(options: OptimizeOptions): Promise<void> {
  const began = performance.now();
  await withDatabase(async (db) => {
    const models = await modelOptionsFromEnv();
    if (options.preview) {
      const preview = await previewOf(db, models, options);
      if (options.json) printJson(preview);
      else printPreview(preview);
      return;
    }
    const id = options.resume ?? (await queueRun(db, options));
    await runHere(db, id, {
      models,
      concurrency: options.concurrency,
      json: options.json === true,
      began,
      measureFresh: (run) => freshFigures(db, options, run),
    });
  });
}

async function queueRun(db: Database, options: OptimizeOptions): Promise<string> {
  const agent = await requireNamedAgent(db, options);
  const queued = await queueOptimization(db, {
    agentType: agent,
    config: configOf(options),
    trigger: "command-line",
    createdBy: "command line",
    ...(options.from === undefined ? {} : { fromVersion: options.from }),
  });
  return queued.id;
}

async function previewOf(db: Database, { prices = {} }: ModelOptions, options: OptimizeOptions) {
  const agentType = await requireNamedAgent(db, options);
  return previewOptimization(db, {
    agentType,
    config: configOf(options),
    prices,
    now: systemClock.now(),
    ...(options.from === undefined ? {} : { fromVersion: options.from }),
  });
}

async function requireNamedAgent(db: Database, { agent }: OptimizeOptions): Promise<string> {
  if (agent === undefined) throw new AppError("invalid", "Name the agent: --agent <type>.");
  if (agent === "planner" || agent === "engineer" || agent === "critic") await seedWorkbench(db);
  return (await requireAgentType(db, agent)).name;
}

function configOf(options: OptimizeOptions): OptimizationConfig {
  const capUsd = positiveAmount("--cap-usd", options.capUsd);
  const trialCapUsd = positiveAmount("--trial-cap-usd", options.trialCapUsd);
  const named = (id: string | undefined) => (id === undefined ? null : canonicalModelId(id));
  return optimizationConfig.parse({
    ...numbersFrom({ ...options }),
    model: named(options.model),
    proposerModel: named(options.proposerModel),
    sanityModel: named(options.sanityModel),
    evidence: options.evidence,
    budget: { runCapUsd: capUsd, trialCapUsd },
  });
}

async function freshFigures(
  db: Database,
  { fresh, concurrency }: OptimizeOptions,
  { pool, optimization, outcome }: RunHere,
): Promise<FreshFigures | null> {
  const { system } = await requireAgentType(db, optimization.agentType);
  const winner = outcome.candidates[0];
  if (system !== "workbench" || fresh === 0 || winner === undefined) return null;
  return measureFresh(db, pool, {
    optimization,
    candidateId: winner.promptId,
    problems: fresh,
    concurrency,
  });
}
