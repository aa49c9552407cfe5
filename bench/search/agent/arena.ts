/** An agent system whose prompt is to be improved: what every method of the comparison meets, on the same luck. */
import pLimit from "p-limit";
import { contentHash } from "#lib/content-hash.ts";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import type { TrialResult } from "#lib/domain/trial.ts";
import type { AgentProfile, Completer } from "#optimizer/ports.ts";

export interface Arena {
  name: string;
  agent: AgentProfile;
  start: PromptGenome;
  /** Benchmarks that a search may use. */
  benchmarks: readonly Benchmark[];
  /** Benchmarks that no search sees: what counts in the end. */
  fresh: readonly Benchmark[];
  /** Whether any result is a simulation's. */
  simulated: boolean;
  completer: Completer;
  /** Trials at once. */
  concurrency: number;
  /** A pure function of its arguments and of `seed`, as far as the model is one. */
  run(trial: ArenaTrial): Promise<TrialResult>;
  /** Trials with the same key are one call, run and counted once. Without this every repeat is a call of its own. */
  keyOf?(trial: ArenaTrial): string;
  close(): Promise<void>;
}

export interface ArenaTrial {
  genome: PromptGenome;
  benchmark: Benchmark;
  repeat: number;
  seed: number;
}

/** What one trial of a prompt told. */
export interface TrialRecord {
  benchmarkId: string;
  repeat: number;
  result: TrialResult;
}

/** All trials of one method in one arena with one seed, counted; equal ones of other methods are not run again. */
export class CountedTrials {
  used = 0;
  private readonly byPrompt = new Map<string, { genome: PromptGenome; trials: TrialRecord[] }>();
  private readonly calls = new Set<string>();
  private readonly limit: ReturnType<typeof pLimit>;

  constructor(
    readonly arena: Arena,
    readonly seed: number,
    private readonly known: Map<string, Promise<TrialResult>>,
  ) {
    this.limit = pLimit(arena.concurrency);
  }

  get start(): PromptGenome {
    return this.arena.start;
  }

  /** How many of these orders would be calls that were not made before. */
  newOf(genome: PromptGenome, orders: readonly { benchmark: Benchmark; repeat: number }[]): number {
    const hash = contentHash(genome);
    return orders.filter((order) => !this.calls.has(this.keyOf(hash, { genome, ...order }))).length;
  }

  /** Runs trials of one prompt at once and answers in their order. */
  async run(
    genome: PromptGenome,
    orders: readonly { benchmark: Benchmark; repeat: number }[],
  ): Promise<TrialRecord[]> {
    const hash = contentHash(genome);
    const trials = await Promise.all(
      orders.map(async ({ benchmark, repeat }) => {
        const trial = { genome, benchmark, repeat, seed: this.seed };
        const key = this.keyOf(hash, trial);
        this.used += this.calls.has(key) ? 0 : 1;
        this.calls.add(key);
        const running = this.known.get(key) ?? this.limit(() => this.arena.run(trial));
        this.known.set(key, running);
        return { benchmarkId: benchmark.id, repeat, result: await running };
      }),
    );
    const known = this.byPrompt.get(hash) ?? { genome, trials: [] };
    known.trials.push(...trials);
    this.byPrompt.set(hash, known);
    return trials;
  }

  private keyOf(hash: string, order: Omit<ArenaTrial, "seed">): string {
    const trial = { ...order, seed: this.seed };
    const { benchmark, repeat } = order;
    return this.arena.keyOf?.(trial) ?? `${hash}/${benchmark.id}/${repeat}/${this.seed}`;
  }

  /** The trials of a prompt so far, in an order that does not depend on which ended first. */
  of(genome: PromptGenome): TrialRecord[] {
    const trials = this.byPrompt.get(contentHash(genome))?.trials ?? [];
    return trials.toSorted((a, b) => {
      if (a.benchmarkId !== b.benchmarkId) return a.benchmarkId < b.benchmarkId ? -1 : 1;
      return a.repeat - b.repeat;
    });
  }

  /** Every prompt that was tried. */
  prompts(): PromptGenome[] {
    return [...this.byPrompt.values()].map(({ genome }) => genome);
  }
}
