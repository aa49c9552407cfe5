import { z } from "zod";
import { jsonBounds, jsonDepthMax } from "./json-bounds.ts";

/** How two texts are made comparable before they are compared. */
const unicodeForm = z.enum(["nfc", "nfkc"]);
const ignoreCase = z.boolean().default(true);
const share = z.number().min(0).max(1);
const words = z.array(z.string().min(1).max(2_000)).min(1).max(50);
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "lower-case letters, digits and dashes");

const exact = z.strictObject({
  kind: z.literal("exact"),
  ignoreCase,
  unicode: unicodeForm.optional(),
});

/** The first label of `labels` that occurs as a word in the answer must be `expected`. */
const label = z.strictObject({ kind: z.literal("label") });

/** Texts that must occur: `expected` where nothing else is said. */
const contains = z.strictObject({
  kind: z.literal("contains"),
  ignoreCase,
  unicode: unicodeForm.optional(),
  all: words.optional(),
  any: words.optional(),
  none: words.optional(),
});

const numeric = z.strictObject({
  kind: z.literal("numeric"),
  /** In the unit of `expected`; the wider one of both tolerances holds. */
  tolerance: z.number().nonnegative().default(1e-6),
  /** Share of the expected number. */
  relative: z.number().nonnegative().max(1).optional(),
  /** How the answer writes its decimals; the other mark then divides thousands. */
  decimal: z.enum([".", ","]).optional(),
  /** What a number followed by this unit is multiplied with; a number without a unit stands as it is. */
  units: z
    .record(z.string().min(1).max(20), z.number().positive())
    .refine((units) => Object.keys(units).length <= 50, "at most 50 units")
    .optional(),
});

const workbench = z.strictObject({ kind: z.literal("workbench") });

/** A pattern in RE2's syntax, searched for in time that is linear in the answer. */
const regex = z.strictObject({
  kind: z.literal("regex"),
  pattern: z.string().min(1).max(1_000),
  flags: z
    .string()
    .regex(/^(?!.*(.).*\1)[ims]*$/, "each of i, m and s at most once")
    .default(""),
  /** Whether the pattern must cover the whole answer. */
  whole: z.boolean().default(false),
  /** Number of a group whose text must be `expected`. */
  group: z.int().min(0).max(20).optional(),
});

/** What a JSONPath (RFC 9535) selects from the answer's JSON, beside `value` or else `expected`. */
const jsonPath = z.strictObject({
  kind: z.literal("json-path"),
  path: z.string().min(1).max(500),
  value: z
    .json()
    .superRefine(jsonBounds({ charactersMax: 20_000, depthMax: jsonDepthMax }))
    .optional(),
  /** Whether one of the selected values must equal it, or each of them (and at least one). */
  match: z.enum(["any", "all"]).default("any"),
});

const jsonSchema = z.strictObject({
  kind: z.literal("json-schema"),
  schema: z
    .union([z.boolean(), z.record(z.string(), z.json())])
    .superRefine(jsonBounds({ charactersMax: 20_000, depthMax: jsonDepthMax })),
});

/** 1 less the edit distance over the longer text's length. */
const levenshtein = z.strictObject({
  kind: z.literal("levenshtein"),
  ignoreCase,
  unicode: unicodeForm.default("nfc"),
  threshold: share.default(0.8),
});

/** A program of the operator's own list, by name and version: a suite never carries one. */
const command = z.strictObject({
  kind: z.literal("command"),
  command: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]{0,62}@[A-Za-z0-9._-]{1,40}$/,
      "a name and a version, as unit-tests@1",
    ),
  threshold: share.default(1),
});

/** A model that sees task, expected answer and answer, pinned with the version of what it is told. */
const judge = z.strictObject({
  kind: z.literal("judge"),
  model: z.string().min(1).max(200),
  /** What it is told, see lib/graders/judge-request.ts; a suite that names no version gets the newest. */
  promptVersion: z.literal([1, 2, 3]).default(3),
  /** What makes an answer right, in words. */
  rubric: z.string().min(1).max(4_000).optional(),
  threshold: share.default(0.5),
});

const single = [
  exact,
  label,
  contains,
  numeric,
  regex,
  jsonPath,
  jsonSchema,
  levenshtein,
  command,
  judge,
] as const;

/** A grader that judges by itself. */
export const singleGrader = z.discriminatedUnion("kind", single);
export type SingleGrader = z.infer<typeof singleGrader>;

/** One of several graders of a benchmark. */
export const graderPart = z.strictObject({
  /** As its grade is called; its kind by default. */
  name: name.optional(),
  grader: singleGrader,
  weight: z.number().min(0).max(1_000).default(1),
  /** Score from which it passes; the grader's own by default. */
  threshold: share.optional(),
});
export type GraderPart = z.infer<typeof graderPart>;

export const graderParts = z
  .array(graderPart)
  .min(1)
  .max(10)
  .refine((parts) => parts.some(({ weight }) => weight > 0), "one weight must be above 0");

/** Several graders: the score is their weighted mean; success is all of them passing, or a mean from `threshold`. */
const combined = z.strictObject({
  kind: z.literal("combined"),
  graders: graderParts,
  threshold: share.optional(),
});
export type CombinedGrader = z.infer<typeof combined>;

/** How an answer of an imported suite is judged; the workbench judges with its own verifier. */
export const grader = z.discriminatedUnion("kind", [...single, workbench, combined]);
export type Grader = z.infer<typeof grader>;

/** The graders that judge by themselves within a grader. */
export function singleGraders(of: Grader): SingleGrader[] {
  if (of.kind === "workbench") return [];
  return of.kind === "combined" ? of.graders.map((part) => part.grader) : [of];
}

/** Models that judge within a grader. */
export function judgeModels(of: Grader): string[] {
  return singleGraders(of).flatMap((own) => (own.kind === "judge" ? [own.model] : []));
}

/** What one grader said of an answer. */
export const grade = z.object({
  grader: z.string(),
  score: share,
  pass: z.boolean(),
  /** Why it did not pass, or what a judge said. */
  reason: z.string().max(500).nullable(),
  /** Part of the trial's cost that this grade took; 0 for all but a judge. */
  costUsd: z.number().nonnegative().default(0),
});
export type Grade = z.infer<typeof grade>;
