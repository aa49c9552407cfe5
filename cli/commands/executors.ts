import type { Client } from "@temporalio/client";
import type { Command } from "commander";
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { adviceFor } from "#lib/executors/advice.ts";
import { executorsFromEnv } from "#lib/executors/from-env.ts";
import { listExecutors } from "#lib/executors/list-executors.ts";
import { readExecutors } from "#lib/executors/settings.ts";
import { type Tried, tryTrial } from "#lib/executors/try-trial.ts";
import { lazyTemporal } from "#lib/temporal/connection.ts";
import { missingWorkers } from "#lib/temporal/missing-workers.ts";
import { temporalSettings } from "#lib/temporal/settings.ts";
import { withDatabase } from "../database.ts";
import { exitCodes } from "../exit.ts";
import { modelOptionsFromEnv } from "../models.ts";
import { printJson, printTable, usd } from "../output.ts";

const timeoutMs = 10 * 60_000;
const shownMax = 2_000;

/** `genepool executors list|test`: who runs which agent system, and whether it can. */
export function addExecutorsCommands(program: Command): void {
  const executors = program
    .command("executors")
    .description("what runs the agent systems: list them, try one");
  executors.command("list").option("--json", "machine-readable output").action(list);
  executors
    .command("test <system>")
    .description("run one trial with the production prompt, show it, and explain what is wrong")
    .option("--benchmark <id>", "line of the suite; its first one by default")
    .option("--agent <type>", "agent whose prompt is tried; the system's first one by default")
    .option("--json", "machine-readable output")
    .addHelpText("after", "\nExample:\n  genepool executors test reviews --benchmark r7")
    .action(test);
}

async function list(options: { json?: boolean }): Promise<void> {
  const items = listExecutors(await readExecutors(env().GENEPOOL_EXECUTORS_FILE));
  if (options.json) return printJson({ items });
  printTable(
    ["executor", "kind", "systems", "timeout", "at once", "costs"],
    items.map((item) => [
      `${item.name}@${item.version}`,
      item.kind,
      item.systems.join(", "),
      item.timeoutSeconds === null ? "" : `${item.timeoutSeconds} s`,
      item.concurrency ?? "",
      item.free ? "free" : "yes",
    ]),
  );
}

interface TestOptions {
  benchmark?: string;
  agent?: string;
  json?: boolean;
}

async function test(system: string, options: TestOptions): Promise<void> {
  await withDatabase(async (db) => {
    const models = await modelOptionsFromEnv();
    const configured = temporalSettings(env());
    const temporal = configured === null ? null : lazyTemporal(configured);
    const client = temporal?.client ?? null;
    const { pool, executors } = await executorsFromEnv(env(), { db, models, client });
    try {
      await requireWorkers(client, system);
      const tried = await tryTrial(db, executors, {
        system,
        agentType: options.agent,
        benchmark: options.benchmark,
        costLimitUsd: 0.5,
        timeoutMs,
      });
      const advice = adviceFor(tried.result);
      if (options.json) printJson({ ...tried, advice });
      else print(tried, advice);
      // A wrong answer is the agent's to learn from; only one that could not be read or graded is a fault.
      process.exitCode = advice.isUsable ? exitCodes.ok : exitCodes.failed;
    } finally {
      await pool.close();
      await temporal?.close();
    }
  });
}

/** A trial that nobody takes would wait for minutes before it says so. */
async function requireWorkers(client: Client | null, system: string): Promise<void> {
  const settings = await readExecutors(env().GENEPOOL_EXECUTORS_FILE);
  const entry = settings.find(({ systems }) => systems.includes(system));
  if (client === null || entry?.kind !== "temporal-activity") return;
  const missing = await missingWorkers(client, { activities: entry.taskQueue });
  if (missing.length > 0) throw new AppError("unavailable", missing.join("\n"));
}

function print(
  { executor, request, answer, result, tookMs }: Tried,
  { isUsable, explanation }: ReturnType<typeof adviceFor>,
): void {
  const { outcome, score, costUsd, inputTokens, outputTokens, latencyMs, steps, failure } = result;
  const lines = [
    `${executor} ran ${request.agent_type} on ${request.benchmark.external_id ?? request.benchmark.id}`,
    "",
    "Sent:",
    shortened(JSON.stringify(request, null, 2)),
    "",
    ...(answer === null ? [] : ["Came back:", shortened(answer), ""]),
    `Answer   ${isUsable ? "as the contract says" : failure?.errorClass === "grader-error" ? "NOT JUDGED" : "NOT USABLE"}`,
    `Graded   ${outcome}, score ${score}`,
    `Cost     ${usd(costUsd)}, ${inputTokens} tokens in, ${outputTokens} out`,
    `Time     ${tookMs} ms (reported or measured: ${latencyMs} ms)`,
    `Trace    ${steps.length} steps`,
    ...(failure === null ? [] : [`Failure  ${failure.errorClass}: ${failure.message}`]),
    ...explanation,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function shortened(text: string): string {
  return text.length <= shownMax
    ? text
    : `${text.slice(0, shownMax)}\n… ${text.length - shownMax} characters more`;
}
