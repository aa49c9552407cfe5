/**
 * A simulated agent that puts messages under labels, with a known truth: every sentence, example and setting of a prompt moves the
 * margin by which each row of a population passes. The suite is a sample of that population, so what a search reaches can be
 * compared with what the agent would do on traffic that nobody has seen. A trial takes microseconds. All of it is simulated.
 */
import { contentHash } from "#lib/content-hash.ts";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { Objectives } from "#lib/domain/objective.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import type { TrialResult } from "#lib/domain/trial.ts";
import { verdict } from "#lib/graders/judgement.ts";
import { draw } from "#lib/random.ts";
import { sealSuite } from "#lib/suites/seal-suite.ts";
import type { AgentProfile, Completer } from "#optimizer/ports.ts";
import { meanUsage, models, startModel, usageOf } from "./prices.ts";
import type { WorldRow } from "./rows.ts";

/** Rows that a suite has, unless something else is asked for, and the size of the workbench. */
export const suiteSizes = { usual: 240, small: 88 } as const;

export interface LabelWorld {
  name: string;
  seed: number;
  /** Of the start prompt: 0 makes repeats copies of each other. */
  temperature: number;
  agent: AgentProfile;
  start: PromptGenome;
  labels: readonly string[];
  /** The suite: a random sample of the population. */
  rows: readonly WorldRow[];
  benchmarks: readonly Benchmark[];
  /** Ids of rows that no prompt may lose; empty in most worlds. */
  required: ReadonlySet<string>;
  /** Answers the optimizer's own requests with edits of this world. */
  completer: Completer;
  /** Chance that the prompt passes the row, 0..1; at temperature 0 it is 0 or 1. Throws for a row that is not in the suite. */
  passRate(genome: PromptGenome, rowId: string): number;
  /** Mean pass rate over the whole population: the truth about a prompt. */
  trueRate(genome: PromptGenome): number;
  /** The same with cost in USD and latency in ms, all as means over the population. */
  truth(genome: PromptGenome): Objectives;
  /** Equal for equal requests: at temperature 0 a repeat is the same request, ordered and counted once. */
  requestKey(genome: PromptGenome, rowId: string, repeat: number): string;
  /** One trial: a pure function of the world, the prompt, the row and, above temperature 0, of the seed and the repeat. */
  trial(order: WorldOrder): TrialResult;
}

export interface WorldOrder {
  genome: PromptGenome;
  rowId: string;
  repeat: number;
  /** Of the run: two runs with different seeds meet different luck where repeats differ. */
  seed: number;
}

/** What tells one world from another. */
export interface WorldParts {
  name: string;
  seed: number;
  start: PromptGenome;
  labels: readonly string[];
  /** All rows there are; the suite holds those with these indices. */
  population: readonly WorldRow[];
  suite: readonly number[];
  required?: ReadonlySet<string>;
  completer: Completer;
  /** Pass rates of a prompt over the whole population. */
  ratesOf(genome: PromptGenome): Float64Array;
  /** Times the usual price of a prompt; 1 where nothing is said. */
  costFactorOf?(genome: PromptGenome): number;
}

interface Known {
  hash: string;
  rates: Float64Array;
  trueRate: number;
  costFactor: number;
}

/** Makes a world of its parts: trials, truth and counting are the same in all of them. */
export function worldOf(parts: WorldParts): LabelWorld {
  const { name, seed, start, population, suite } = parts;
  const rows = suite.flatMap((index) => population[index] ?? []);
  const places = new Map(suite.map((index) => [population[index]?.id ?? "", index]));
  const known = new WeakMap<PromptGenome, Known>();
  const byHash = new Map<string, Known>();
  const know = (genome: PromptGenome): Known => {
    const found = known.get(genome);
    if (found !== undefined) return found;
    const hash = contentHash(genome);
    const made = byHash.get(hash) ?? read(parts, genome, hash);
    byHash.set(hash, made);
    known.set(genome, made);
    return made;
  };
  const placeOf = (rowId: string) => {
    const place = places.get(rowId);
    if (place === undefined) throw new RangeError(`the suite has no row ${rowId}`);
    return place;
  };
  const rowOf = (rowId: string) => population[placeOf(rowId)];
  const passRate = (genome: PromptGenome, rowId: string) => know(genome).rates[placeOf(rowId)] ?? 0;
  const requestKey = (genome: PromptGenome, rowId: string, repeat: number) => {
    const request = `${know(genome).hash}/${rowId}`;
    return genome.parameters.temperature === 0 ? request : `${request}/${repeat}`;
  };
  return {
    name,
    seed,
    temperature: start.parameters.temperature,
    agent: agentOf(name),
    start,
    labels: parts.labels,
    rows,
    benchmarks: sealSuite(
      rows.map((row) => ({
        ...benchmarkOf(row, parts.labels),
        required: parts.required?.has(row.id) ?? false,
      })),
    ),
    required: parts.required ?? new Set(),
    completer: parts.completer,
    passRate,
    trueRate: (genome) => know(genome).trueRate,
    truth: (genome) => {
      const { trueRate, costFactor } = know(genome);
      const { costUsd, latencyMs } = meanUsage(genome, population);
      return { successRate: trueRate, costUsd: costUsd * costFactor, latencyMs };
    },
    requestKey,
    trial: ({ genome, rowId, repeat, seed: runSeed }) => {
      const row = rowOf(rowId);
      if (row === undefined) throw new RangeError(`the suite has no row ${rowId}`);
      const key = requestKey(genome, rowId, repeat);
      // At temperature 0 nothing is left to chance, so the run's seed makes no other request of it.
      const luck = genome.parameters.temperature === 0 ? 0 : runSeed;
      const draws = draw("label-world", "trial", seed, luck, key);
      const passes = draws.chance(passRate(genome, rowId));
      const answer = passes ? row.expected : wrongAnswer(row, parts.labels);
      const usage = usageOf(genome, row.input, draws.next());
      return resultOf(answer, row, {
        ...usage,
        costUsd: usage.costUsd * know(genome).costFactor,
      });
    },
  };
}

function read({ ratesOf, costFactorOf }: WorldParts, genome: PromptGenome, hash: string): Known {
  const rates = ratesOf(genome);
  const trueRate = rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
  return { hash, rates, trueRate, costFactor: costFactorOf?.(genome) ?? 1 };
}

function resultOf(
  answer: string,
  row: WorldRow,
  usage: { costUsd: number; latencyMs: number; inputTokens: number; outputTokens: number },
): TrialResult {
  const { score, failure } = verdict(answer === row.expected, answer, row.expected);
  const { costUsd, latencyMs, inputTokens, outputTokens } = usage;
  return {
    outcome: failure === null ? "success" : "failure",
    score,
    costUsd,
    latencyMs,
    inputTokens,
    outputTokens,
    failure,
    agents: [],
    steps: [{ agentType: "agent", kind: "message", text: answer }],
    criticVerdict: null,
    simulated: true,
  };
}

/** Always the same wrong label, as a model that leans one way would give it. */
function wrongAnswer({ expected, index }: WorldRow, labels: readonly string[]): string {
  const others = labels.filter((label) => label !== expected);
  return others[index % Math.max(1, others.length)] ?? "unknown";
}

function benchmarkOf(
  row: WorldRow,
  labels: readonly string[],
): Omit<Benchmark, "group" | "sealed" | "required"> {
  return {
    id: row.id,
    suite: "label-world",
    externalId: row.id,
    input: row.input,
    expected: row.expected,
    labels: [...labels],
    grader: { kind: "exact", ignoreCase: true },
    weight: 1,
    contentHash: row.id,
    family: row.family,
  };
}

function agentOf(name: string): AgentProfile {
  return {
    name,
    system: "single",
    suite: "label-world",
    description: "Puts each message under one label.",
    requiredVariables: ["input"],
    protectedTexts: [],
    allowedTools: [],
    defaultModel: startModel,
    parameterBounds: { temperature: [0, 1], topP: [0.5, 1], maxSteps: [1, 1], models: [...models] },
    repeats: null,
    nonInferiorityMargin: 0.05,
  };
}
