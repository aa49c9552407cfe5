import { availableParallelism } from "node:os";
import cliProgress from "cli-progress";
import { type Command, Option } from "commander";
import { systemClock } from "#lib/clock.ts";
import { type AgentType, requireAgentType } from "#lib/db/agent-types.ts";
import type { Database } from "#lib/db/client.ts";
import {
  claimOptimization,
  type Optimization,
  requireOptimization,
} from "#lib/db/optimizations.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { createTrialPool } from "#lib/harness/pool.ts";
import { canonicalModelId } from "#lib/llm/models.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { measureFresh } from "#optimizer/fresh.ts";
import { type OptimizationReport, optimizationReport } from "#optimizer/report.ts";
import { carryOut } from "#optimizer/stored-run.ts";
import { withDatabase } from "../database.ts";
import { exitCodes } from "../exit.ts";
import { wholeNumber } from "../input.ts";
import { modelOptionsFromEnv } from "../models.ts";
import { duration, percentWithInterval, printJson, printTable, usd } from "../output.ts";

interface OptimizeOptions {
  agent: string;
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
  targets: number;
  controls: number;
  calibration: number;
  calibrationRepeats: number;
  confirmRepeats: number;
  holdout: number;
  fresh: number;
  json?: boolean;
}

/** `genepool optimize`: runs one optimization here and now, with the same loop as the service. */
export function addOptimizeCommand(program: Command): void {
  program
    .command("optimize")
    .description("evolve an agent's prompt, prove the winner and put it into the review queue")
    .requiredOption("--agent <type>", "agent type whose prompt is evolved")
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
    .option("--targets <n>", "failing benchmarks to win", wholeNumber("--targets", 1, 200), 20)
    .option("--controls <n>", "passing benchmarks to keep", wholeNumber("--controls", 0, 100), 5)
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
      "--fresh <n>",
      "workbench only: problems never used in the run, measured afterwards",
      wholeNumber("--fresh", 0, 2_000),
      110,
    )
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
    if (options.agent === "planner" || options.agent === "engineer" || options.agent === "critic")
      await seedWorkbench(db);
    const agent = await requireAgentType(db, options.agent);
    const models = await modelOptionsFromEnv();
    const pool = createTrialPool({
      models,
      threads: env().GENEPOOL_THREADS ?? availableParallelism(),
    });
    try {
      const optimization = await queueAndClaim(db, options);
      const bar = progressBar(options.json === true);
      const outcome = await carryOut(optimization, {
        db,
        pool,
        models,
        clock: systemClock,
        concurrency: options.concurrency,
        onProgress: bar.update,
      }).finally(bar.stop);
      const fresh = await freshFigures(agent, { db, pool, options, optimization, outcome });
      const report = await optimizationReport(
        db,
        await requireOptimization(db, optimization.id),
        outcome,
      );
      const wallMs = Math.round(performance.now() - began);
      if (options.json) printJson({ ...report, fresh, wallMs });
      else printReport(report, fresh, wallMs);
      process.exitCode = outcome.candidates.length > 0 ? exitCodes.ok : exitCodes.noCandidate;
    } finally {
      await pool.close();
    }
  });
}

async function queueAndClaim(db: Database, options: OptimizeOptions): Promise<Optimization> {
  const capUsd = Number(options.capUsd);
  if (!(capUsd > 0))
    throw new AppError("invalid", `--cap-usd must be a positive amount, not "${options.capUsd}".`);
  const named = (id: string | undefined) => (id === undefined ? null : canonicalModelId(id));
  const config = optimizationConfig.parse({
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
      calibrationBenchmarks: options.calibration,
      calibrationRepeats: options.calibrationRepeats,
      confirmRepeats: options.confirmRepeats,
      holdout: options.holdout,
    },
    budget: { runCapUsd: capUsd },
  });
  const queued = await queueOptimization(db, {
    agentType: options.agent,
    config,
    trigger: "command-line",
    createdBy: "command line",
    ...(options.from === undefined ? {} : { fromVersion: options.from }),
  });
  // A lease far beyond any run: this process carries it out itself, and an optimizer that runs beside it must not.
  const claimed = await claimOptimization(db, {
    owner: `command-line-${process.pid}`,
    leaseMs: 24 * 3_600_000,
    id: queued.id,
  });
  if (claimed === null) {
    throw new AppError(
      "conflict",
      `Another optimization of "${options.agent}" is running; this one is queued as ${queued.id} and the optimizer will take it up.`,
    );
  }
  return claimed;
}

async function freshFigures(
  agent: AgentType,
  context: {
    db: Database;
    pool: ReturnType<typeof createTrialPool>;
    options: OptimizeOptions;
    optimization: Optimization;
    outcome: Awaited<ReturnType<typeof carryOut>>;
  },
) {
  const { db, pool, options, optimization, outcome } = context;
  const winner = outcome.candidates[0];
  if (agent.system !== "workbench" || options.fresh === 0 || winner === undefined) return null;
  return measureFresh(db, pool, {
    optimization,
    candidateId: winner.promptId,
    problems: options.fresh,
    concurrency: options.concurrency,
  });
}

function progressBar(quiet: boolean): { update: (done: number) => void; stop: () => void } {
  if (quiet || !process.stderr.isTTY) {
    let told = 0;
    return {
      update: (done) => {
        if (quiet || done - told < 250) return;
        told = done;
        console.error(`${done} trials done`);
      },
      stop: () => undefined,
    };
  }
  const bar = new cliProgress.SingleBar({
    format: "{bar} {value} trials  {duration_formatted}",
    stream: process.stderr,
  });
  bar.start(0, 0);
  return {
    update: (done) => {
      bar.setTotal(Math.max(done, bar.getTotal()));
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

function printReport(
  report: OptimizationReport,
  fresh: Awaited<ReturnType<typeof measureFresh>> | null,
  wallMs: number,
): void {
  const line = (text: string) => process.stdout.write(`${text}\n`);
  line(`${report.agentType}: ${report.summary}${report.simulated ? " (simulated model)" : ""}`);
  for (const insight of report.insights.slice(0, 5))
    line(`  ${Math.round(insight.share * 100)} % of failures: ${insight.statement}`);
  printTable(
    ["version", "operator", "success", "cost", "latency", "rank"],
    report.front.map((individual) => [
      individual.version,
      individual.operator ?? "",
      `${Math.round(individual.successRate * 100)} %`,
      usd(individual.costUsd),
      duration(individual.latencyMs),
      individual.rank,
    ]),
  );
  for (const finalist of report.finalists)
    line(`${finalist.version} ${finalist.verdict.kind}: ${finalist.verdict.sentence}`);
  if (fresh !== null) {
    line(
      `Fresh benchmarks: ${percentWithInterval(fresh.baseline)} → ${percentWithInterval(fresh.candidate)}`,
    );
  }
  line(`${report.trials} trials, ${usd(report.costUsd)}, ${duration(wallMs)}`);
}
