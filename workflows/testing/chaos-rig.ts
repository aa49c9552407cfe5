/** One experiment on a Temporal server of its own with worker processes that can be killed, and the counts afterwards. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { dayOf } from "#lib/budget/amounts.ts";
import { setDayCap } from "#lib/budget/status.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import type { NewExperiment } from "#lib/db/experiments.ts";
import { requireOptimization } from "#lib/db/optimizations.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import type { TrialOrder } from "#lib/engine/contract.ts";
import {
  createTemporalEvaluator,
  type TemporalEvaluator,
  type TemporalEvaluatorOptions,
} from "#lib/engine/temporal-evaluator.ts";
import type { TrialShape } from "#lib/engine/trial-shape.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { connectTemporal, type TemporalClient } from "#lib/temporal/connection.ts";
import { providerQueue, workflowQueue } from "#lib/temporal/queues.ts";
import { chaosOrders } from "./chaos-orders.ts";
import { freePorts, startTemporalServer, type TemporalServer } from "./temporal-server.ts";
import { projectRoot, testSettings } from "./test-worker.ts";

export interface StubWorker {
  pid: number;
  kill(signal: "SIGKILL" | "SIGTERM"): void;
  ended: Promise<void>;
}

export interface StubOptimizer {
  kill(): void;
  /** Null when it was killed. */
  exitCode: Promise<number | null>;
}

/** Which workflows a worker has: those of today, or of a version that is rolled out beside it. */
export type WorkerVersion = "today" | "next";

/** Trials as they ended: calls of the stub, rows, money. */
export interface Counts {
  calls: number;
  trials: number;
  /** Reservations of trials by how they ended. */
  ledger: { settled: number; released: number; expired: number; reserved: number };
  spentUsd: number;
  trialsUsd: number;
}

const startTimeoutMs = 60_000;
const runCapUsd = 100_000;

export class ChaosRig {
  private readonly children = new Set<ChildProcess>();
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), "genepool-chaos-"));

  private constructor(
    readonly server: TemporalServer,
    readonly handle: DatabaseHandle,
    readonly temporal: TemporalClient,
    private readonly databaseUrl: string,
  ) {}

  /** `databaseUrl` is a migrated database without agents. */
  static async start(options: { cli: string; databaseUrl: string }): Promise<ChaosRig> {
    const server = await startTemporalServer({ cli: options.cli });
    const handle = createDatabase({ url: options.databaseUrl, onConnectionLost: () => undefined });
    await seedWorkbench(handle.db);
    const temporal = await connectTemporal(testSettings(server));
    return new ChaosRig(server, handle, temporal, options.databaseUrl);
  }

  /** A run, on queues of its own unless they are given; `orders` are its trials. */
  async begin(delayMs: number, queuePrefix = `${randomUUID().slice(0, 8)}-`): Promise<ChaosRun> {
    const { db } = this.handle;
    await setDayCap(db, { day: dayOf(new Date()), capUsd: 10 * runCapUsd });
    const queued = await queueOptimization(db, {
      agentType: "engineer",
      config: optimizationConfig.parse({
        seed: Math.floor(Math.random() * 1e6),
        // Money must not hold back how many trials are under way.
        budget: { runCapUsd },
      }),
      trigger: "test",
      createdBy: "test",
    });
    await db.optimization.update({ where: { id: queued.id }, data: { state: "running" } });
    const { shape, orders } = await chaosOrders(db, queued.id);
    return new ChaosRun(this, queued.id, shape, delayMs, queuePrefix, orders);
  }

  /** Starts a worker process and waits until it polls. */
  async startWorker(
    queuePrefix: string,
    callsFile: string,
    delayMs: number,
    workflows: WorkerVersion = "today",
  ): Promise<StubWorker> {
    const [port = 0] = await freePorts(1);
    const child = spawn(
      process.execPath,
      [
        ...["--import", "tsx", path.join(projectRoot, "workflows/testing/stub-worker-child.ts")],
        ...[this.server.address, this.server.namespace, this.databaseUrl],
        ...[queuePrefix, callsFile, String(delayMs), workflows],
      ],
      {
        cwd: projectRoot,
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, HEALTH_PORT: String(port) },
      },
    );
    this.children.add(child);
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const deadline = Date.now() + startTimeoutMs;
    while (!(await isReady(port))) {
      if (child.exitCode !== null) throw new Error("the worker ended before it was ready");
      if (Date.now() > deadline) throw new Error("the worker did not become ready");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return { pid: child.pid ?? 0, kill: (signal) => child.kill(signal), ended };
  }

  startOptimizer(queuePrefix: string, runId: string, count: number): StubOptimizer {
    const child = spawn(
      process.execPath,
      [
        ...["--import", "tsx", path.join(projectRoot, "workflows/testing/evaluator-child.ts")],
        ...[this.server.address, this.server.namespace, this.databaseUrl],
        ...[queuePrefix, runId, String(count)],
      ],
      { cwd: projectRoot, stdio: ["ignore", "ignore", "inherit"] },
    );
    this.children.add(child);
    const exitCode = new Promise<number | null>((resolve) => child.once("exit", resolve));
    return { kill: () => child.kill("SIGKILL"), exitCode };
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill("SIGKILL");
    await this.temporal.close();
    await this.server.stop();
    await this.handle.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class ChaosRun {
  readonly waits: (string | null)[] = [];
  private readonly callsFile: string;
  private readonly evaluators: TemporalEvaluator[] = [];

  constructor(
    private readonly rig: ChaosRig,
    readonly id: string,
    readonly shape: TrialShape,
    private readonly delayMs: number,
    readonly queuePrefix: string,
    readonly orders: (count: number) => TrialOrder[],
  ) {
    this.callsFile = rig.file(`${id}.calls`);
  }

  /** The row that an optimizer writes before it asks for trials. */
  experiment(): NewExperiment {
    const [first] = this.orders(1);
    return {
      id: this.id,
      optimizationId: this.id,
      generation: 0,
      kind: "search",
      agentType: this.shape.agent.name,
      promptId: first?.prompt.id ?? "",
      baselinePromptId: null,
      benchmarkIds: [],
      controlIds: [],
      repeats: 1,
      repeatOffset: 0,
      simulated: true,
    };
  }

  startWorker(workflows: WorkerVersion = "today"): Promise<StubWorker> {
    return this.rig.startWorker(this.queuePrefix, this.callsFile, this.delayMs, workflows);
  }

  /** An optimizer in a process of its own that asks for the first `count` trials; it exits with 0 when all are done. */
  startOptimizer(count: number): StubOptimizer {
    return this.rig.startOptimizer(this.queuePrefix, this.id, count);
  }

  /** An optimizer's view of the engine; several at once are several optimizers. */
  evaluator(options: Partial<TemporalEvaluatorOptions> = {}): TemporalEvaluator {
    const evaluator = createTemporalEvaluator({
      db: this.rig.handle.db,
      client: this.rig.temporal.client,
      optimizationId: this.id,
      shape: this.shape,
      queues: {
        workflows: `${this.queuePrefix}${workflowQueue}`,
        trials: `${this.queuePrefix}${providerQueue("simulated")}`,
      },
      concurrency: 20,
      isStopRequested: () => false,
      signal: new AbortController().signal,
      onWaiting: (reason) => this.waits.push(reason),
      ...options,
    });
    this.evaluators.push(evaluator);
    return evaluator;
  }

  async stored(): Promise<number> {
    return this.rig.handle.db.trial.count({ where: { optimizationId: this.id } });
  }

  /** Resolves when so many trials are stored. */
  async untilStored(count: number, timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while ((await this.stored()) < count) {
      if (Date.now() > deadline) throw new Error(`no ${count} trials after ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async counts(): Promise<Counts> {
    const { db } = this.rig.handle;
    const where = { optimizationId: this.id };
    const [run, sum, states] = await Promise.all([
      requireOptimization(db, this.id),
      db.trial.aggregate({ where, _sum: { costUsd: true }, _count: true }),
      db.budgetReservation.groupBy({ by: ["state"], where, _count: true }),
    ]);
    const of = (state: string) => states.find((row) => row.state === state)?._count ?? 0;
    const calls = existsSync(this.callsFile) ? readFileSync(this.callsFile, "utf8") : "";
    return {
      calls: calls.split("\n").filter((line) => line !== "").length,
      trials: sum._count,
      ledger: {
        settled: of("settled"),
        released: of("released"),
        expired: of("expired"),
        reserved: of("reserved"),
      },
      spentUsd: run.spentUsd,
      trialsUsd: Number(sum._sum.costUsd ?? 0),
    };
  }

  async end(): Promise<void> {
    for (const evaluator of this.evaluators) await evaluator.finish();
    await this.rig.handle.db.optimization.update({
      where: { id: this.id },
      data: { state: "finished" },
    });
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`, {
      signal: AbortSignal.timeout(1_000),
    });
    return answer.ok;
  } catch {
    // Nothing listens yet.
    return false;
  }
}
