/**
 * One call of the evaluator: trials on a bounded number of slots, their money and their rows in batches beside them, so
 * that a slot never waits for the database while work is set aside for it. Each event (money answered, a trial ended, a
 * batch stored) moves the round on; it ends when nothing is left or under way.
 */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { AppError } from "../errors.ts";
import type { Refusal, SearchPrompt, TrialAnswer, TrialOrder } from "./contract.ts";
import type { GraderWatch } from "./grader-watch.ts";
import {
  type FinishedTrial,
  type RanTrial,
  type TrialStore,
  UnfinishedTrial,
} from "./trial-store.ts";

export interface RoundOptions {
  store: TrialStore;
  /**
   * Runs the whole agent system once; what models do wrong is a failed result, never a throw. Throws UnfinishedTrial
   * where what it throws for may have been billed.
   */
  runTrial: (order: TrialOrder, key: string) => Promise<RanTrial>;
  /** Upper bound of one trial's cost in USD. */
  estimateUsd: (prompt: SearchPrompt, benchmark: Benchmark) => number;
  concurrency: number;
  /** Trials for which money is set aside before a slot is free. A crash forfeits it where somebody could have billed. */
  ahead: number;
  isStopRequested: () => boolean;
}

interface Work {
  key: string;
  order: TrialOrder;
  amountUsd: number;
}

const batchMax = 200;
const othersPollMs = 200;

export class Round {
  private readonly pending: Work[];
  private readonly ready: (Work & { reservationId: string })[] = [];
  private readonly finished: (FinishedTrial & { amountUsd: number })[] = [];
  private readonly answers = new Map<string, TrialAnswer>();
  private running = 0;
  private reserving = false;
  private releasing = 0;
  private storing = false;
  /** A cap refused; asked again when money has come back. */
  private waitsForMoney = false;
  private refusal: Refusal | null = null;
  private failure: { error: unknown } | null = null;
  private roomUsd: number;
  private end: () => void = () => undefined;

  constructor(
    private readonly options: RoundOptions,
    work: ReadonlyMap<string, TrialOrder>,
    private readonly limits: {
      roomUsd: number;
      onStored: (count: number) => void;
      watch: GraderWatch;
    },
  ) {
    this.roomUsd = limits.roomUsd;
    this.pending = [...work].map(([key, order]) => ({
      key,
      order,
      amountUsd: options.estimateUsd(order.prompt, order.benchmark),
    }));
  }

  /** Answers by key; a key without one was not run because somebody asked to stop. Rejects with our own faults. */
  async toEnd(): Promise<Map<string, TrialAnswer>> {
    const ended = new Promise<void>((resolve) => {
      this.end = resolve;
    });
    this.move();
    await ended;
    if (this.failure !== null) throw this.failure.error;
    return this.answers;
  }

  private move(): void {
    if (this.options.isStopRequested()) this.refusal ??= "stopped";
    if (this.refusal !== null || this.failure !== null) this.giveUp(this.refusal ?? "stopped");
    while (this.running < this.options.concurrency) {
      const next = this.ready.shift();
      if (next === undefined) break;
      void this.run(next);
    }
    if (!this.reserving && !this.waitsForMoney) void this.reserve();
    if (!this.storing && this.finished.length > 0) void this.store();
    const idle = this.running + this.releasing === 0 && !this.reserving && !this.storing;
    if (idle && this.pending.length + this.ready.length + this.finished.length === 0) this.end();
  }

  /** Once a trial is refused no other one is scheduled: partial generations teach nothing. */
  private giveUp(reason: Refusal): void {
    for (const { key } of this.pending.splice(0))
      this.answers.set(key, { state: "refused", reason });
    const unused = this.ready.splice(0);
    if (unused.length === 0) return;
    for (const { key, amountUsd } of unused) {
      this.answers.set(key, { state: "refused", reason });
      this.roomUsd += amountUsd;
    }
    this.releasing += 1;
    void this.guarded(async () => {
      try {
        await this.options.store.release(unused.map(({ reservationId }) => reservationId));
      } finally {
        this.releasing -= 1;
      }
    });
  }

  private async reserve(): Promise<void> {
    const { concurrency, ahead, store } = this.options;
    const wanted = Math.min(batchMax, concurrency - this.running + ahead - this.ready.length);
    if (wanted <= 0 || this.pending.length === 0) return;
    this.reserving = true;
    await this.guarded(async () => {
      try {
        const batch = this.affordable(this.pending.splice(0, wanted));
        const answers = batch.length === 0 ? [] : await store.reserve(batch);
        const refused: { work: Work; reason: Refusal }[] = [];
        const stored: string[] = [];
        for (const [index, answer] of answers.entries()) {
          const work = batch[index];
          if (work === undefined) continue;
          if (answer.ok) {
            this.roomUsd -= work.amountUsd;
            this.ready.push({ ...work, reservationId: answer.id });
          } else if (answer.reason === "stored") stored.push(work.key);
          else refused.push({ work, reason: answer.reason });
        }
        await this.readStored(stored);
        this.pending.unshift(...refused.map(({ work }) => work));
        const [first] = refused;
        if (first !== undefined) await this.awaitMoney(first.reason);
        else if (batch.length === 0) await this.awaitMoney("money-kept");
      } finally {
        this.reserving = false;
      }
    });
  }

  /** Another process was faster with these. */
  private async readStored(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const found = await this.options.store.find(keys);
    for (const [key, result] of found)
      this.answers.set(key, { state: "done", result, replayed: true });
    this.limits.onStored(found.size);
  }

  /** The first of these that the caller's limit has room for; the others go back. */
  private affordable(batch: Work[]): Work[] {
    let sum = 0;
    const fits = batch.findIndex((work) => {
      sum += work.amountUsd;
      return sum > this.roomUsd;
    });
    if (fits === -1) return batch;
    this.pending.unshift(...batch.splice(fits));
    return batch;
  }

  /** A reservation is many times what a trial costs: near a cap the trials under way give most of theirs back. */
  private async awaitMoney(reason: Refusal): Promise<void> {
    if (this.running + this.ready.length + this.finished.length > 0 || this.storing) {
      this.waitsForMoney = true;
      return;
    }
    if (reason !== "money-kept" || this.options.store.othersHold !== undefined) {
      if ((await this.options.store.othersHold?.()) === true) {
        await new Promise((resolve) => setTimeout(resolve, othersPollMs));
        return;
      }
    }
    this.refusal = reason;
  }

  private async run({ key, order, amountUsd, reservationId }: Round["ready"][number]) {
    this.running += 1;
    await this.guarded(async () => {
      try {
        const { earlierUsd = 0, ...result } = await this.options.runTrial(order, key);
        this.finished.push({ key, order, amountUsd, reservationId, result, earlierUsd });
        const { prompt, arm } = order;
        const { failure } = result;
        if (this.limits.watch.note({ promptId: prompt.id, arm, failure }))
          this.refusal ??= "grader-down";
      } catch (thrown) {
        const { reason, billedUsd } =
          thrown instanceof UnfinishedTrial ? thrown : { reason: thrown, billedUsd: 0 };
        if (billedUsd > 0) await this.options.store.book([{ reservationId, actualUsd: billedUsd }]);
        // Before anything was billed that we know of.
        else await this.options.store.release([reservationId]);
        // Our own fault fails the run; a trial that was called off says nothing about its prompt.
        if (!this.options.isStopRequested()) throw reason;
        this.answers.set(key, { state: "refused", reason: "stopped" });
      } finally {
        this.running -= 1;
      }
    });
  }

  private async store(): Promise<void> {
    this.storing = true;
    await this.guarded(async () => {
      const batch = this.finished.splice(0, batchMax);
      try {
        await this.options.store.store(batch);
        for (const { key, result, amountUsd, earlierUsd = 0 } of batch) {
          this.answers.set(key, { state: "done", result, replayed: false });
          this.roomUsd += amountUsd - result.costUsd - earlierUsd;
        }
        this.limits.onStored(batch.length);
      } finally {
        this.storing = false;
        this.waitsForMoney = false;
      }
    });
  }

  /** The first fault ends the round after what is under way; every end of a step moves the round on. */
  private async guarded(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.failure ??= { error: error ?? new AppError("internal", "A trial failed.") };
    }
    this.move();
  }
}
