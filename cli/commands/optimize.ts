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
  seed: number;
  generations: number;
  population: number;
  offspring: number;
  concurrency: number;
  from?: string;
  evidence: "journal" | "calibration";
  capUsd: string;
  trialCapUsd: string;
  targets: number;
  controls: number;
  controlLoss: string;
  calibration: number;
  calibrationRepeats: number;
  confirmRepeats: number;
  holdout: number;
  holdoutRepeats: number;
  promising: number;
  reevaluations: number;
  fresh: number;
  preview?: boolean;
  json?: boolean;
}

/** `genepool optimize`: runs one optimization here and now, with the same loop as the service. */
export function addOptimizeCommand(program: Command): void {
  program
    .command("optimize")
    .description("evolve an agent's prompt, prove the winner and put it into the review queue")
    .option("--agent <type>", "agent type whose prompt is evolved")
    .option("--resume <id>", "go on with a run whose process died, instead of starting one")
    .option("--model <id>", "model that runs the agents: provider:name, or simulated")
    .option("--proposer-model <id>", "model that rewrites prompts")
    .option("--sanity-model <id>", "inexpensive model that checks rewritten prompts")
    .option(
      "--seed <n>",
      "same seed and inputs, same result",
      wholeNumber("--seed", 0, 2 ** 32 - 1),
      1,
    )
    .option(
      "--generations <n>",
      "generations of offspring",
      wholeNumber("--generations", 1, 100),
      6,
    )
    .option(
      "--population <n>",
      "prompts that survive a generation",
      wholeNumber("--population", 4, 40),
      10,
    )
    .option("--offspring <n>", "children a generation", wholeNumber("--offspring", 2, 40), 10)
    .option(
      "--concurrency <n>",
      "trials at once; changes the time, never the result",
      wholeNumber("--concurrency", 1, 256),
      8,
    )
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
    .option("--targets <n>", "failing benchmarks to win", wholeNumber("--targets", 1, 200), 20)
    .option("--controls <n>", "passing benchmarks to keep", wholeNumber("--controls", 0, 100), 5)
    .option(
      "--control-loss <share>",
      "share of the controls that a better prompt may lose; above 0 for suites of many sampled rows",
      "0",
    )
    .option(
      "--calibration <n>",
      "benchmarks to calibrate on",
      wholeNumber("--calibration", 2, 1_000),
      75,
    )
    .option(
      "--calibration-repeats <n>",
      "runs of each",
      wholeNumber("--calibration-repeats", 1, 10),
      3,
    )
    .option(
      "--confirm-repeats <n>",
      "fresh repeats of the confirmation",
      wholeNumber("--confirm-repeats", 1, 20),
      5,
    )
    .option("--holdout <n>", "sealed benchmarks", wholeNumber("--holdout", 0, 200), 10)
    .option(
      "--holdout-repeats <n>",
      "runs of each sealed benchmark",
      wholeNumber("--holdout-repeats", 1, 10),
      3,
    )
    .option(
      "--promising <n>",
      "best children of a generation that run again at once; 0 where repeats only repeat",
      wholeNumber("--promising", 0, 40),
      3,
    )
    .option(
      "--reevaluations <n>",
      "repeats that a survivor collects over the generations",
      wholeNumber("--reevaluations", 1, 10),
      4,
    )
    .option(
      "--fresh <n>",
      "workbench only: problems never used in the run, measured afterwards",
      wholeNumber("--fresh", 0, 2_000),
      110,
    )
    .option("--preview", "print what it would take in calls, dollars and time, and start nothing")
    .option("--json", "machine-readable output")
    .addHelpText(
      "after",
      `
Examples:
  genepool optimize --agent engineer --model simulated --seed 7 --generations 6 --json
  genepool optimize --agent sst2 --model compatible:smollm2 --targets 40 --controls 10`,
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
  const controlLoss = Number(options.controlLoss);
  if (!(controlLoss >= 0 && controlLoss <= 0.5))
    throw new AppError("invalid", `--control-loss must be 0 to 0.5, not "${options.controlLoss}".`);
  const named = (id: string | undefined) => (id === undefined ? null : canonicalModelId(id));
  return optimizationConfig.parse({
    seed: options.seed,
    generations: options.generations,
    populationSize: options.population,
    offspringSize: options.offspring,
    model: named(options.model),
    proposerModel: named(options.proposerModel),
    sanityModel: named(options.sanityModel),
    evidence: options.evidence,
    experiment: {
      targets: options.targets,
      controls: options.controls,
      controlLossMax: controlLoss,
      calibrationBenchmarks: options.calibration,
      calibrationRepeats: options.calibrationRepeats,
      confirmRepeats: options.confirmRepeats,
      holdout: options.holdout,
      holdoutRepeats: options.holdoutRepeats,
      promisingChildren: options.promising,
      reevaluationRepeatsMax: options.reevaluations,
    },
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
