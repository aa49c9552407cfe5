/**
 * Entrants: prompts that people named for the proof. They pass what a child of the search passes, but for the sanity model
 * and the cap on growth: a person wrote them, and a person approves them. What is checked here is that a proof can mean
 * something: a prompt that holds rows that are sealed for it would be proven on what it has seen.
 */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { AppError } from "#lib/errors.ts";
import type { SearchPrompt } from "../ports.ts";
import { copiesBenchmarks } from "./guards.ts";

/** Shorter inputs may stand in a prompt by chance. */
const wordsLeast = 4;

/** Throws AppError("invalid") for a prompt that holds sealed rows which the incumbent does not hold too. */
export function requireUnseen(
  entrants: readonly SearchPrompt[],
  incumbent: SearchPrompt,
  sealed: readonly Benchmark[],
): void {
  const before = plain(incumbent.genome.content);
  const inputs = sealed.map(({ input }) => input);
  for (const { version, genome } of entrants) {
    const text = plain(genome.content);
    const seen = inputs.map(plain).filter((input) => {
      const isLong = input.split(" ").length >= wordsLeast;
      return isLong && text.includes(input) && !before.includes(input);
    }).length;
    if (seen === 0 && !copiesBenchmarks(genome.content, incumbent.genome.content, inputs)) continue;
    const what = seen === 0 ? "copies the text" : `holds ${seen}`;
    throw new AppError(
      "invalid",
      `${version} ${what} of the ${sealed.length} benchmarks that are sealed for the proof: it would be proven on what it has seen. Take them out of the prompt.`,
    );
  }
}

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
