/**
 * What every engine promises, as tests: the in-process engine and Temporal pass the same ones. Trials are run by a stub
 * whose results are a pure function of the request, so that engines can be compared row by row.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSuite } from "#lib/db/benchmarks.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { requireOptimization } from "#lib/db/optimizations.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import { type OptimizationConfig, optimizationConfig } from "#lib/domain/optimization.ts";
import type { Evaluator, TrialOrder } from "#lib/engine/contract.ts";
import { loadShape, searchPrompt } from "#lib/engine/load-shape.ts";
import type { TrialShape } from "#lib/engine/trial-shape.ts";
import { AppError } from "#lib/errors.ts";
import { builtInRoster } from "#lib/executors/roster.ts";
import { createTrialPool, type TrialPool } from "#lib/harness/pool.ts";
import { startStubServer } from "#lib/harness/testing/stub-server.ts";
import type { ModelOptions } from "#lib/llm/models.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { StubPool, stubResult } from "./stub-pool.ts";

/** What an engine is made from. */
export interface EngineParts {
  handle: DatabaseHandle;
  pool: Pick<TrialPool, "run">;
  models: ModelOptions;
  optimizationId: string;
  shape: TrialShape;
  concurrency: number;
  isStopRequested: () => boolean;
  /** Aborted by a stop. */
  stop: AbortSignal;
}

export interface Engine {
  evaluator: Evaluator;
  close(): Promise<void>;
}

/** Defines the contract's tests for one engine. */
export function describeEngine(
  name: string,
  create: (parts: EngineParts) => Promise<Engine>,
): void {
  describe(`${name} as an engine`, () => {
    let database: TestDatabase;
    let handle: DatabaseHandle;
    let cases = 0;

    beforeAll(async () => {
      database = await createTestDatabase();
      handle = createDatabase({ url: database.url });
      await seedWorkbench(handle.db);
    });
    afterAll(async () => {
      await handle.close();
      await database.drop();
    });

    /** A run of its own with an engine on it; `orders` are all different and none is stored. */
    async function begin(
      options: {
        budget?: Partial<OptimizationConfig["budget"]>;
        concurrency?: number;
        /** Runs the trials on a model instead of the stub. */
        remote?: { model: string; models: ModelOptions; pool: TrialPool };
      } = {},
    ) {
      const { db } = handle;
      cases += 1;
      const config = optimizationConfig.parse({
        seed: 1_000 + cases,
        budget: options.budget ?? {},
        ...(options.remote && { model: options.remote.model }),
      });
      const queued = await queueOptimization(db, {
        agentType: "engineer",
        config,
        trigger: "test",
        createdBy: "test",
      });
      // One run of an agent type at a time; the next case queues its own.
      await db.optimization.update({ where: { id: queued.id }, data: { state: "running" } });
      const run = await requireOptimization(db, queued.id);
      const pool = new StubPool();
      const trials = options.remote?.pool ?? pool;
      const shape = await loadShape(db, run, builtInRoster(trials));
      const stop = new AbortController();
      const engine = await create({
        handle,
        pool: trials,
        models: options.remote?.models ?? { keys: {} },
        optimizationId: run.id,
        shape,
        concurrency: options.concurrency ?? 4,
        isStopRequested: () => stop.signal.aborted,
        stop: stop.signal,
      });
      const prompt = searchPrompt(await requirePrompt(db, run.incumbentId));
      const benchmarks = await loadSuite(db, shape.agent.suite);
      const orders = (count: number): TrialOrder[] =>
        Array.from({ length: count }, (_, index) => {
          const benchmark = benchmarks[index % benchmarks.length];
          if (benchmark === undefined) throw new Error("the workbench has benchmarks");
          const repeat = Math.floor(index / benchmarks.length);
          return { prompt, benchmark, repeat, arm: "candidate", experimentId: run.id };
        });
      const end = async () => {
        await engine.close();
        await db.optimization.update({ where: { id: run.id }, data: { state: "finished" } });
      };
      const stopRun = async () => {
        stop.abort();
        await db.optimization.update({
          where: { id: run.id },
          data: { stopRequestedAt: new Date() },
        });
      };
      return { db, run, pool, evaluator: engine.evaluator, orders, end, stopRun };
    }

    /** Money of the run and its open reservations. */
    async function money(id: string) {
      const { spentUsd, reservedUsd } = await requireOptimization(handle.db, id);
      const open = await handle.db.budgetReservation.count({
        where: { optimizationId: id, state: "reserved" },
      });
      const trials = await handle.db.trial.aggregate({
        where: { optimizationId: id },
        _sum: { costUsd: true },
        _count: true,
      });
      return {
        spentUsd,
        reservedUsd,
        open,
        trials: trials._count,
        trialsUsd: trials._sum.costUsd ?? 0,
      };
    }

    test("answers in the order of the orders, runs each trial once, stores it and books its cost", async () => {
      const { run, pool, evaluator, orders, end } = await begin();
      const wanted = orders(70);
      const answers = await evaluator.evaluate([...wanted, ...wanted.slice(0, 5)]);
      const outcomes = answers.map((answer) =>
        answer.state === "done" ? answer.result.latencyMs : null,
      );
      expect(outcomes).not.toContain(null);
      expect(outcomes.slice(70)).toEqual(outcomes.slice(0, 5));
      const expected = await Promise.all(
        wanted.map(
          async ({ benchmark, repeat }) =>
            stubResult({ benchmark, repeat, runSeed: run.seed }, 0).latencyMs,
        ),
      );
      expect(outcomes.slice(0, 70)).toEqual(expected);
      expect(pool.calls).toBe(70);
      const figures = await money(run.id);
      expect(figures).toMatchObject({ open: 0, reservedUsd: 0, trials: 70 });
      expect(figures.spentUsd).toBeCloseTo(0.07, 9);
      await end();
    });

    test("keeps as many trials under way as it may and no more", async () => {
      const { pool, evaluator, orders, end } = await begin({ concurrency: 6 });
      pool.delayMs = 20;
      await evaluator.evaluate(orders(40));
      expect(pool.mostAtOnce).toBeLessThanOrEqual(6);
      expect(pool.mostAtOnce).toBeGreaterThanOrEqual(4);
      await end();
    });

    test("answers from what is stored without running or paying again", async () => {
      const { run, pool, evaluator, orders, end } = await begin();
      await evaluator.evaluate(orders(10));
      const before = await money(run.id);
      const again = await evaluator.evaluate(orders(12));
      expect(again.map((answer) => answer.state === "done" && answer.replayed)).toEqual([
        ...Array.from({ length: 10 }, () => true),
        false,
        false,
      ]);
      expect(pool.calls).toBe(12);
      expect((await money(run.id)).spentUsd).toBeCloseTo(before.spentUsd + 0.002, 9);
      await end();
    });

    test("refuses what the run's cap has no room for and never spends past it", async () => {
      const { run, pool, evaluator, orders, end } = await begin({
        budget: { runCapUsd: 0.5, trialCapUsd: 0.1 },
        concurrency: 4,
      });
      pool.costUsd = 0.05;
      const answers = await evaluator.evaluate(orders(40));
      const refused = answers.filter(({ state }) => state === "refused");
      expect(refused.length).toBeGreaterThan(0);
      for (const answer of refused) expect(answer).toMatchObject({ reason: "run-cap" });
      const figures = await money(run.id);
      expect(figures.spentUsd).toBeLessThanOrEqual(0.5);
      expect(figures).toMatchObject({ open: 0, reservedUsd: 0 });
      expect(figures.trials).toBe(pool.calls);
      await end();
    });

    test("refuses as kept what could take these orders past the caller's own limit", async () => {
      const { run, pool, evaluator, orders, end } = await begin({
        budget: { runCapUsd: 50, trialCapUsd: 0.1 },
      });
      pool.costUsd = 0.05;
      const answers = await evaluator.evaluate(orders(40), { spendMaxUsd: 0.5 });
      const reasons = new Set(
        answers.flatMap((answer) => (answer.state === "refused" ? [answer.reason] : [])),
      );
      expect([...reasons]).toEqual(["money-kept"]);
      expect((await money(run.id)).spentUsd).toBeLessThanOrEqual(0.5);
      await end();
    });

    test("ends soon when somebody asks to stop, with what is done stored and the rest refused", async () => {
      const { run, pool, evaluator, orders, end, stopRun } = await begin();
      pool.delayMs = 50;
      const evaluating = evaluator.evaluate(orders(400));
      await expect.poll(() => pool.calls, { timeout: 20_000, interval: 5 }).toBeGreaterThan(8);
      const asked = performance.now();
      await stopRun();
      const answers = await evaluating;
      expect(performance.now() - asked).toBeLessThan(6_000);
      const done = answers.filter(({ state }) => state === "done").length;
      expect(done).toBeGreaterThan(0);
      expect(done).toBeLessThan(400);
      for (const answer of answers)
        if (answer.state === "refused") expect(answer.reason).toBe("stopped");
      expect(await money(run.id)).toMatchObject({ open: 0, reservedUsd: 0, trials: done });
      await end();
    });

    test("runs a trial again whose provider was away, and books what that cost beside the trial", async () => {
      const { run, pool, evaluator, orders, end } = await begin({ concurrency: 6 });
      const wanted = orders(6);
      const seen = new Map<string, number>();
      pool.away = ({ benchmark }) => {
        const times = (seen.get(benchmark.id) ?? 0) + 1;
        seen.set(benchmark.id, times);
        return times <= 2 ? { kind: "passing", retryAfterMs: 1 } : null;
      };
      const answers = await evaluator.evaluate(wanted);
      expect(pool.calls).toBe(18);
      for (const [index, answer] of answers.entries()) {
        const benchmark = wanted[index]?.benchmark;
        if (answer.state !== "done" || benchmark === undefined) throw new Error("not run");
        const expected = stubResult({ benchmark, repeat: 0, runSeed: run.seed }, pool.costUsd);
        expect(answer.result).toMatchObject(expected);
      }
      const figures = await money(run.id);
      expect(figures).toMatchObject({ open: 0, reservedUsd: 0, trials: 6 });
      expect(figures.trialsUsd).toBeCloseTo(0.006, 9);
      expect(figures.spentUsd).toBeCloseTo(0.018, 9);
      await end();
    });

    test("ends the wait for a provider when somebody asks to stop, and books what was billed", async () => {
      const { run, pool, evaluator, orders, end, stopRun } = await begin({ concurrency: 4 });
      pool.away = () => ({ kind: "passing", retryAfterMs: 60_000 });
      const evaluating = evaluator.evaluate(orders(12));
      await expect.poll(() => pool.calls, { timeout: 20_000, interval: 5 }).toBe(4);
      await expect.poll(() => pool.running, { interval: 5 }).toBe(0);
      const asked = performance.now();
      await stopRun();
      const answers = await evaluating;
      expect(performance.now() - asked).toBeLessThan(6_000);
      for (const answer of answers)
        expect(answer).toMatchObject({ state: "refused", reason: "stopped" });
      expect(pool.calls).toBe(4);
      const figures = await money(run.id);
      expect(figures).toMatchObject({ open: 0, reservedUsd: 0, trials: 0 });
      expect(figures.spentUsd).toBeCloseTo(0.004, 9);
      await end();
    });

    test("ends the run where the provider refuses every trial, instead of failing them all", async () => {
      const { run, pool, evaluator, orders, end } = await begin({ concurrency: 4 });
      // Some wait for a minute when the refusal comes.
      pool.away = () =>
        pool.calls < 3
          ? { kind: "passing", retryAfterMs: 60_000 }
          : { kind: "refused", model: "openai:gpt" };
      const began = performance.now();
      await expect(evaluator.evaluate(orders(40))).rejects.toThrow(
        /provider is away\. Every trial would be refused/,
      );
      expect(performance.now() - began).toBeLessThan(20_000);
      expect(pool.calls).toBeLessThanOrEqual(4);
      const figures = await money(run.id);
      expect(figures).toMatchObject({ open: 0, reservedUsd: 0, trials: 0 });
      expect(figures.spentUsd).toBeCloseTo(pool.calls * 0.001, 9);
      await end();
    });

    test("a model behind HTTP that is full and then away costs time, and no trial is failed for it", async () => {
      const full = { status: 429, headers: { "retry-after": "0" } };
      const away = { status: 503, headers: { "retry-after": "0" } };
      const server = await startStubServer([
        // A call asks three times by itself; the plan is billed when the engineer's model is away.
        ...[full, full, full],
        ...[{ text: "The plan." }, away, away, away],
        ...[{ text: "The plan." }, full, { text: "I give up." }, { text: "VERDICT: pass" }],
      ]);
      const model = "compatible:stub";
      const models: ModelOptions = {
        keys: { compatible: { url: server.url } },
        prices: { [model]: { inputUsdPerMTok: 1, outputUsdPerMTok: 10 } },
      };
      const pool = createTrialPool({ models });
      const { run, evaluator, orders, end } = await begin({ remote: { model, models, pool } });
      const [answer] = await evaluator.evaluate(orders(1));
      expect(server.requests).toHaveLength(11);
      expect(answer).toMatchObject({
        state: "done",
        result: { failure: { errorClass: "no-submission" }, inputTokens: 300 },
      });
      const callUsd = (100 * 1 + 20 * 10) / 1e6;
      const figures = await money(run.id);
      expect(figures).toMatchObject({ open: 0, reservedUsd: 0, trials: 1 });
      expect(figures.trialsUsd).toBeCloseTo(3 * callUsd, 9);
      expect(figures.spentUsd).toBeCloseTo(4 * callUsd, 9);
      await end();
      await pool.close();
      await server.close();
    });

    test("fails with our own fault's words and gives the money back", async () => {
      const { run, pool, evaluator, orders, end } = await begin();
      pool.fault = () => new AppError("invalid", "the template names an unknown variable");
      await expect(evaluator.evaluate(orders(6))).rejects.toThrow(/unknown variable/);
      expect(await money(run.id)).toMatchObject({ open: 0, reservedUsd: 0, trials: 0 });
      await end();
    });
  });
}
