/** What runs trials in a process, as the environment describes it: the built-in pool and the operator's executors. */
import type { Client } from "@temporalio/client";
import type { Database } from "../db/client.ts";
import { createExecutorCallbacks } from "../db/executor-callbacks.ts";
import { type Env, namedVariable } from "../env.ts";
import { loadCommandList } from "../graders/command-list.ts";
import { graderCommands } from "../graders/commands.ts";
import { createTrialPool, type TrialPool } from "../harness/pool.ts";
import type { ModelOptions } from "../llm/models.ts";
import { temporalExecutor } from "../temporal/execute-benchmark.ts";
import { workflowQueue } from "../temporal/queues.ts";
import { createRoster, type ExecutorRoster } from "./roster.ts";
import { readExecutors } from "./settings.ts";

export interface EnvExecutors {
  /** To be closed when the process ends. */
  pool: TrialPool;
  executors: ExecutorRoster;
}

/** Throws AppError("invalid") for an executors file or a list of grading programs that is not as it should be. */
export async function executorsFromEnv(
  env: Env,
  { db, models, client }: { db: Database; models: ModelOptions; client: Client | null },
): Promise<EnvExecutors> {
  const commands = graderCommands(
    await loadCommandList(env.GENEPOOL_GRADER_COMMANDS_FILE),
    namedVariable,
  );
  const settings = await readExecutors(env.GENEPOOL_EXECUTORS_FILE);
  const threads = env.GENEPOOL_THREADS;
  const pool = createTrialPool({
    models,
    graderCommands: commands,
    ...(threads === undefined ? {} : { threads }),
  });
  const executors = createRoster({
    pool,
    settings,
    models,
    graderCommands: commands,
    variable: namedVariable,
    callbacks: createExecutorCallbacks(db),
    ...(client === null ? {} : { temporal: temporalExecutor(client, workflowQueue) }),
  });
  return { pool, executors };
}
