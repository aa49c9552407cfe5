import type { HarnessBenchmark } from "#lib/harness/trial-request.ts";
import { draw } from "#lib/random.ts";
import { parseSuite } from "#lib/suites/parse-suite.ts";

export interface SplitRows {
  /** Lines of the suite that the search may use, as they stood in the file. */
  searchLines: string[];
  /** Benchmarks that no run of the search ever sees. */
  test: HarnessBenchmark[];
}

/**
 * Divides a JSONL suite into rows to search on and `testSize` rows to measure on afterwards, by a seeded shuffle; another
 * `seed` keeps other rows aside. A text that stands on both sides is left out of the search. Throws when a line is bad or too few rows remain.
 */
export function splitRows(text: string, testSize: number, seed = 1): SplitRows {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const order = draw(seed, "real-model", "split").shuffle(lines);
  const test = parsed(order.slice(0, testSize)).map(
    ({ externalId, input, expected, labels, grader }) => ({
      id: externalId,
      contentHash: externalId,
      input,
      expected,
      labels,
      grader,
    }),
  );
  const testTexts = new Set(test.map(({ input }) => input.trim()));
  const searchLines = order
    .slice(testSize)
    .filter((line) => parsed([line]).every(({ input }) => !testTexts.has(input.trim())));
  if (test.length < testSize || searchLines.length < testSize / 2)
    throw new Error(`${lines.length} rows are too few to keep ${testSize} aside.`);
  return { searchLines, test };
}

function parsed(lines: readonly string[]) {
  const { benchmarks, errors } = parseSuite(lines.join("\n"));
  const [error] = errors;
  if (error !== undefined) throw new Error(`A bad row: ${error.message}`);
  return benchmarks;
}
