import { z } from "zod";
import { type SuiteLine, suiteLine } from "#lib/domain/benchmark.ts";
import { type Grader, grader } from "#lib/domain/grader.ts";
import type { NewBenchmark } from "./store-benchmarks.ts";

export interface LineError {
  /** Counted from 1, as editors do. */
  line: number;
  message: string;
}

export interface ParsedSuite {
  benchmarks: NewBenchmark[];
  errors: LineError[];
}

/**
 * Reads JSONL, one `{id, input, expected, labels?, grader?}` a line; blank lines are skipped. Without a grader an answer
 * is judged by its label where there are labels, else by equality. Every bad line is reported with its number.
 */
export function parseSuite(text: string): ParsedSuite {
  const benchmarks: NewBenchmark[] = [];
  const errors: LineError[] = [];
  const lineOf = new Map<string, number>();
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    if (content.trim() === "") continue;
    const parsed = parseLine(index === 0 ? content.replace(/^\uFEFF/, "") : content);
    if (typeof parsed === "string") {
      errors.push({ line, message: parsed });
      continue;
    }
    const earlier = lineOf.get(parsed.externalId);
    if (earlier !== undefined) {
      errors.push({ line, message: `the id "${parsed.externalId}" stands on line ${earlier} too` });
      continue;
    }
    lineOf.set(parsed.externalId, line);
    benchmarks.push(parsed);
  }
  return { benchmarks, errors };
}

/** The benchmark, or what is wrong with the line. */
function parseLine(content: string): NewBenchmark | string {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return `not JSON: ${error.message}`;
  }
  const parsed = suiteLine.safeParse(value);
  if (!parsed.success) return z.prettifyError(parsed.error).replaceAll("\n", " ");
  const line = parsed.data;
  const judge = line.grader ?? defaultGrader(line);
  if (judge.kind === "label" && !(line.labels ?? []).includes(line.expected)) {
    return `the label grader needs "expected" to be one of "labels"`;
  }
  return {
    externalId: line.id,
    input: line.input,
    expected: line.expected,
    labels: line.labels ?? null,
    grader: judge,
    weight: 1,
    family: null,
  };
}

function defaultGrader(line: SuiteLine): Grader {
  return grader.parse({ kind: line.labels === undefined ? "exact" : "label" });
}
