import { z } from "zod";
import { type SuiteLine, suiteLine } from "#lib/domain/benchmark.ts";
import { type Grader, grader } from "#lib/domain/grader.ts";
import type { CommandList } from "../graders/command-list.ts";
import { graderChecker, missingFor } from "./check-graders.ts";
import type { NewBenchmark } from "./store-benchmarks.ts";

export interface LineError {
  /** Counted from 1, as editors do. */
  line: number;
  message: string;
}

export interface ParsedSuite {
  benchmarks: NewBenchmark[];
  /** The line that each benchmark stands on. */
  lines: number[];
  errors: LineError[];
}

/**
 * Reads JSONL, one `{id, input, expected?, labels?, grader? | graders?, threshold?, metadata?, required?}` a line;
 * blank lines are skipped.
 * Without a grader an answer is judged by its label where there are labels, else by equality. Every bad line is reported
 * with its number; whether patterns, schemas and commands can be used is for `readSuite` to say.
 */
export function parseSuite(text: string): ParsedSuite {
  const benchmarks: NewBenchmark[] = [];
  const lines: number[] = [];
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
    lines.push(line);
  }
  return { benchmarks, lines, errors };
}

/** As parseSuite, with every grader looked into: a pattern or schema that is none is a bad line too. */
export async function readSuite(text: string, commands: CommandList): Promise<ParsedSuite> {
  const parsed = parseSuite(text);
  const check = graderChecker(commands);
  const read: ParsedSuite = { benchmarks: [], lines: [], errors: [...parsed.errors] };
  for (const [index, benchmark] of parsed.benchmarks.entries()) {
    const line = parsed.lines[index] ?? 0;
    const message = await check(benchmark.grader);
    if (message === null) {
      read.benchmarks.push(benchmark);
      read.lines.push(line);
    } else read.errors.push({ line, message });
  }
  read.errors.sort((a, b) => a.line - b.line);
  return read;
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
  if (!parsed.success) return parsed.error.issues.map(wordsFor).join("; ");
  const line = parsed.data;
  const { graders, threshold } = line;
  if (line.grader !== undefined && graders !== undefined)
    return `"grader" and "graders" exclude each other`;
  if (threshold !== undefined && graders === undefined)
    return `"threshold" belongs to several "graders"; a grader of its own has one within`;
  const judge = line.grader ?? combinedGrader(line) ?? defaultGrader(line);
  const labels = line.labels ?? null;
  const expected = line.expected ?? null;
  const missing = missingFor(judge, { expected, labels });
  if (missing !== null) return missing;
  return {
    externalId: line.id,
    input: line.input,
    expected,
    labels,
    grader: judge,
    weight: 1,
    family: null,
    required: line.required ?? false,
    ...(line.metadata !== undefined &&
      Object.keys(line.metadata).length > 0 && { metadata: line.metadata }),
  };
}

function wordsFor(issue: z.core.$ZodIssue): string {
  const { path, message } = issue;
  if (issue.code === "unrecognized_keys" && path.length === 0) {
    const names = issue.keys.map((key) => `"${key}"`).join(", ");
    return `${names} ${issue.keys.length === 1 ? "is no member" : "are no members"} of a line; what only the agent needs belongs in "metadata"`;
  }
  if (path.length === 0) return `${message}: a line is {"id": …, "input": …, "expected": …}`;
  const place = `"${z.core.toDotPath(path)}"`;
  return message.endsWith("received undefined") ? `${place} is missing` : `${place}: ${message}`;
}

function combinedGrader({ graders, threshold }: SuiteLine): Grader | null {
  if (graders === undefined) return null;
  return { kind: "combined", graders, ...(threshold === undefined ? {} : { threshold }) };
}

function defaultGrader(line: SuiteLine): Grader {
  return grader.parse({ kind: line.labels === undefined ? "exact" : "label" });
}
