/**
 * Graders that users program: patterns, paths, schemas. RE2's automata stand for all regular expressions, so that no
 * pattern can be made to take exponential time; what is not linear runs where it can be ended (bounded.ts).
 */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { FunctionExpressionType, JSONPathEnvironment } from "json-p3";
import { RE2JS } from "re2js";
import type { SingleGrader } from "../domain/grader.ts";
import { jsonIn } from "./json-in-answer.ts";
import { type GradedAnswer, type Judgement, verdict, wrong } from "./judgement.ts";
import { sameJson } from "./same-json.ts";

type Config<K extends SingleGrader["kind"]> = Extract<SingleGrader, { kind: K }>;
export type PatternGrader = Config<"regex" | "json-path" | "json-schema">;

export function isPatternGrader(grader: SingleGrader): grader is PatternGrader {
  return grader.kind === "regex" || grader.kind === "json-path" || grader.kind === "json-schema";
}

/** Judges by a pattern, a path or a schema that `patternFault` found none in. */
export function gradeByPattern(grader: PatternGrader, answer: GradedAnswer): Judgement {
  switch (grader.kind) {
    case "regex":
      return gradeRegex(grader, answer);
    case "json-path":
      return gradeJsonPath(grader, answer);
    case "json-schema":
      return gradeJsonSchema(grader, answer);
  }
}

/** What is wrong with a grader's pattern, path or schema, in words for the line that carries it; null when nothing is. */
export function patternFault(grader: PatternGrader): string | null {
  try {
    if (grader.kind === "regex") {
      const groups = compilePattern(grader).groupCount();
      return grader.group !== undefined && grader.group > groups
        ? `the pattern has ${groups} groups, not ${grader.group}`
        : null;
    }
    if (grader.kind === "json-path") environment.compile(grader.path);
    else compileSchema(grader.schema);
    return null;
  } catch (error) {
    const what = { regex: "pattern", "json-path": "path", "json-schema": "schema" }[grader.kind];
    return `the ${what} cannot be used: ${messageOf(error)}`;
  }
}

function gradeRegex(config: Config<"regex">, { answer, expected }: GradedAnswer): Judgement {
  const matcher = compilePattern(config).matcher(answer);
  if (!(config.whole ? matcher.matches() : matcher.find()))
    return wrong("no-match", `The answer does not match /${config.pattern}/${config.flags}.`);
  if (config.group === undefined) return { score: 1, failure: null };
  const found = matcher.group(config.group) ?? "";
  return verdict(found.trim() === expected.trim(), found, expected);
}

function compilePattern({ pattern, flags }: Config<"regex">): RE2JS {
  const bits =
    (flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes("m") ? RE2JS.MULTILINE : 0) |
    (flags.includes("s") ? RE2JS.DOTALL : 0);
  return RE2JS.compile(pattern, bits);
}

/** RFC 9535's functions on patterns, on RE2. */
const patternFunction = (whole: boolean) => ({
  argTypes: [FunctionExpressionType.ValueType, FunctionExpressionType.ValueType],
  returnType: FunctionExpressionType.LogicalType,
  call: (text: unknown, pattern: unknown): boolean => {
    if (typeof text !== "string" || typeof pattern !== "string") return false;
    try {
      const matcher = RE2JS.compile(pattern).matcher(text);
      return whole ? matcher.matches() : matcher.find();
    } catch {
      // The RFC lets a pattern that is none match nothing.
      return false;
    }
  },
});

const environment = new JSONPathEnvironment();
environment.functionRegister.set("match", patternFunction(true));
environment.functionRegister.set("search", patternFunction(false));

function gradeJsonPath(config: Config<"json-path">, { answer, expected }: GradedAnswer): Judgement {
  const json = jsonIn(answer);
  if (!json.ok) return wrong("not-json", json.reason);
  const values = environment.query(config.path, json.value).values();
  if (values.length === 0)
    return wrong("nothing-selected", `${config.path} selects nothing in the answer.`);
  const target = config.value ?? expectedJson(expected);
  const equals = (value: unknown) =>
    sameJson(value, target) || (config.value === undefined && value === expected);
  const right = config.match === "all" ? values.every(equals) : values.some(equals);
  const shown = JSON.stringify(values.length === 1 ? values[0] : values.slice(0, 5));
  return verdict(right, shown.slice(0, 200), JSON.stringify(target).slice(0, 200));
}

/** `expected` as JSON where it is some, else as text. */
function expectedJson(expected: string): unknown {
  try {
    return JSON.parse(expected);
  } catch {
    // A plain word is what most people write there.
    return expected;
  }
}

function gradeJsonSchema(config: Config<"json-schema">, { answer }: GradedAnswer): Judgement {
  const json = jsonIn(answer);
  if (!json.ok) return wrong("not-json", json.reason);
  const { validate, ajv } = compileSchema(config.schema);
  if (validate(json.value)) return { score: 1, failure: null };
  const [first] = validate.errors ?? [];
  const detail = `schema ${first?.keyword ?? "false"} ${first?.instancePath ?? ""}`;
  return wrong(detail.trim(), `The answer's JSON: ${ajv.errorsText(validate.errors)}`);
}

/** Fresh for each schema, so that an `$id` of one suite is nothing to another; references stay within the schema. */
function compileSchema(schema: Config<"json-schema">["schema"]): {
  ajv: Ajv2020;
  validate: ValidateFunction;
} {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    strictTypes: false,
    strictTuples: false,
    inlineRefs: false,
    logger: false,
    code: { regExp: Object.assign(linearPattern, { code: "linearPattern" }) },
  });
  addFormats.default(ajv, { mode: "full" });
  return { ajv, validate: ajv.compile(schema) };
}

function linearPattern(pattern: string): { test(text: string): boolean } {
  const compiled = RE2JS.compile(pattern);
  return { test: (text) => compiled.matcher(text).find() };
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
