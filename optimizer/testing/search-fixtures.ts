/** Prompts, benchmarks and trials for tests of the search's parts. */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import type { Measurement } from "../measurement.ts";
import type { SearchPrompt } from "../ports.ts";

/** A prompt that says these things. */
export function promptSaying(id: string, ...instructions: readonly string[]): SearchPrompt {
  const rules = instructions.map((text) => `- ${text}\n`).join("");
  return {
    id,
    version: "1.0.0",
    contentHash: id,
    genome: {
      content: `system:\nAnswer.\n${rules}user:\n{{ input }}\n`,
      parameters: promptParameters.parse({ temperature: 0 }),
      tools: [],
    },
  };
}

/** Benchmarks with the ids row-0, row-1 … */
export function rowsOf(count: number): Benchmark[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `row-${i}`,
    suite: "s",
    externalId: `row-${i}`,
    input: `question ${i}`,
    expected: "yes",
    labels: null,
    grader: { kind: "exact", ignoreCase: true },
    weight: 1,
    contentHash: `row-${i}`,
    family: null,
    group: `group-${i}`,
    sealed: false,
    required: false,
  }));
}

/** One trial a letter, p for passed, on row-0, row-1 …; further texts are further repeats. */
export function trialsOf(
  promptId: string,
  repeats: string | readonly string[],
  changes: Partial<Measurement> = {},
): Measurement[] {
  return [repeats].flat().flatMap((outcomes, repeat) =>
    [...outcomes].map(
      (outcome, i): Measurement => ({
        promptId,
        benchmarkId: `row-${i}`,
        repeat,
        success: outcome === "p",
        score: outcome === "p" ? 1 : 0,
        costUsd: 0.01,
        latencyMs: 1_000,
        ...changes,
      }),
    ),
  );
}
