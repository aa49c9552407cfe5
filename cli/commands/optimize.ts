import { randomUUID } from "node:crypto";
import type { Client } from "@temporalio/client";
import { type Command, Option } from "commander";
import { z } from "zod";
import { systemClock } from "#lib/clock.ts";
import { type AgentType, requireAgentType } from "#lib/db/agent-types.ts";
import type { Database } from "#lib/db/client.ts";
import {
  claimOptimization,
  type Optimization,
  requireOptimization,
} from "#lib/db/optimizations.ts";
import { type OptimizationConfig, optimizationConfig } from "#lib/domain/optimization.ts";
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { executorsFromEnv } from "#lib/executors/from-env.ts";
import type { createTrialPool } from "#lib/harness/pool.ts";
import { runReport } from "#lib/http/views/run-report.ts";
import { canonicalModelId, type ModelOptions } from "#lib/llm/models.ts";
import { previewOptimization } from "#lib/optimizations/preview.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { stopOptimization } from "#lib/optimizations/stop-optimization.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { lazyTemporal } from "#lib/temporal/connection.ts";
import { missingWorkers } from "#lib/temporal/missing-workers.ts";
import { providerRates } from "#lib/temporal/provider-rates.ts";
import { temporalSettings } from "#lib/temporal/settings.ts";
import { measureFresh } from "#optimizer/fresh.ts";
import { type HeldLease, holdLease, leaseMs } from "#optimizer/hold-lease.ts";
import { optimizationReport } from "#optimizer/report.ts";
import { carryOut } from "#optimizer/stored-run.ts";
import { addNumberOptions, numbersFrom } from "../config-options.ts";
import { withDatabase } from "../database.ts";
import { exitCodes } from "../exit.ts";
import { wholeNumber } from "../input.ts";
import { modelOptionsFromEnv } from "../models.ts";
import { printReport } from "../optimize-report.ts";
import { printJson } from "../output.ts";
import { printPreview } from "../print-preview.ts";
import { trialProgress } from "../progress.ts";

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
    .option(
      "--trial-cap-usd <amount>",
      "most that one trial may cost; a more expensive one fails",
      "0.5",
    )
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
    const owner = `command-line-${process.pid}-${randomUUID().slice(0, 8)}`;
    const optimization = await claimRun(db, owner, options);
    const agent = await requireAgentType(db, optimization.agentType);
    const configured = temporalSettings(env());
    const ratedProviders = new Set(providerRates(env().GENEPOOL_WORKER_PROVIDER_RATES).keys());
    const temporal = configured === null ? null : lazyTemporal(configured);
    const client = temporal?.client ?? null;
    const { pool, executors } = await executorsFromEnv(env(), { db, models, client });
    const lease = holdLease(db, optimization.id, owner);
    const interrupt = stopOnInterrupt(db, optimization, lease);
    if (client !== null) await tellMissingWorkers(client);
    const progress = trialProgress(options.json === true);
    try {
      const outcome = await carryOut(optimization, {
        db,
        pool,
        executors,
        models,
        clock: systemClock,
        temporal:
          temporal === null ? null : { client: temporal.client, queuePrefix: "", ratedProviders },
        concurrency: options.concurrency,
        signal: lease.lost,
        onProgress: progress.update,
      }).finally(progress.stop);
      const fresh = await freshFigures(agent, { db, pool, options, optimization, outcome });
      const report = await optimizationReport(
        db,
        await requireOptimization(db, optimization.id),
        outcome,
      );
      const wallMs = Math.round(performance.now() - began);
      if (options.json) printJson({ ...report, fresh, wallMs });
      else {
        const run = await runReport(db, optimization.id, systemClock.now());
        printReport(report, { run, fresh, wallMs });
      }
      process.exitCode = outcome.candidates.length > 0 ? exitCodes.ok : exitCodes.noCandidate;
    } finally {
      await temporal?.close();
      process.off("SIGINT", interrupt);
      await lease.end({ giveBack: true });
      await pool.close();
    }
  });
}

/** The run waits for workers and goes on by itself; a person who started none would wait for ever. */
async function tellMissingWorkers(client: Client): Promise<void> {
  try {
    for (const sentence of await missingWorkers(client)) console.error(`Waiting. ${sentence}`);
  } catch (error) {
    console.error(`Waiting. ${reasonOf(error)}`);
  }
}

/** Ctrl-C asks the run to stop, which keeps what it has; a second one leaves it to `--resume` or the optimizer. */
function stopOnInterrupt(db: Database, { id }: Optimization, lease: HeldLease): () => void {
  let asked = false;
  const interrupt = () => {
    if (asked) {
      console.error(`Left as it is. Go on with: genepool optimize --resume ${id}`);
      void lease.end({ giveBack: true }).finally(() => process.exit(130));
      return;
    }
    asked = true;
    console.error("Stopping; what was measured is kept. Ctrl-C again to leave at once.");
    stopOptimization(db, id, "command line").catch((error: unknown) =>
      console.error(reasonOf(error)),
    );
  };
  process.on("SIGINT", interrupt);
  return interrupt;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A new run, or the one to resume, claimed for this process. */
async function claimRun(
  db: Database,
  owner: string,
  options: OptimizeOptions,
): Promise<Optimization> {
  const id = options.resume ?? (await queueRun(db, options));
  if (!z.uuid().safeParse(id).success)
    throw new AppError(
      "invalid",
      `--resume takes the id of a run, not "${id}". genepool runs shows them.`,
    );
  const claimed = await claimOptimization(db, { owner, leaseMs, id });
  if (claimed !== null) return claimed;
  const { state, agentType } = await requireOptimization(db, id);
  throw new AppError(
    "conflict",
    state === "queued"
      ? `Another optimization of "${agentType}" is running; this one is queued as ${id} and the optimizer will take it up.`
      : state === "running" || state === "stopping"
        ? `Run ${id} is being carried out by another process. If that one died, try again in ${leaseMs / 1_000} seconds.`
        : `Run ${id} has ended (${state}): there is nothing to resume.`,
  );
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

function positiveAmount(option: string, text: string): number {
  const amount = Number(text);
  if (amount > 0 && Number.isFinite(amount)) return amount;
  throw new AppError("invalid", `${option} must be a positive amount in USD, not "${text}".`);
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
