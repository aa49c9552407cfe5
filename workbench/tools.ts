/** The engineer's tools on one problem. Inputs are checked; what a tool cannot take is an answer, not an exception. */
import { z } from "zod";
import { calculate } from "./calculator.ts";
import { requireFamily } from "./families.ts";
import type { Design, DesignVariable, Problem } from "./problem.ts";
import { lookUpReference } from "./reference.ts";
import { millimetresPer, unitNames } from "./units.ts";

export interface WorkbenchTool {
  description: string;
  inputSchema: z.ZodType;
  execute(input: unknown): unknown;
}

export interface Submission {
  /** In the problem's own units, whatever unit it was handed in. */
  design: Design;
  /** As it was handed in. */
  values: Design;
  units: string | null;
  notes: string;
}

export interface ToolBox {
  tools: Record<string, WorkbenchTool>;
  /** Submissions so far; the last one counts. */
  submissions: readonly Submission[];
}

/** Names of the engineer's tools, sorted. */
export const engineerTools = [
  "calculator",
  "consistency_check",
  "evaluate_cost",
  "lookup_reference",
  "simulate",
  "submit_solution",
] as const;

const values = z.record(z.string().max(64), z.number());
const designInput = z.object({
  design: values.describe("value of each design variable, by its name"),
});
const submissionInput = designInput.extend({
  units: z
    .string()
    .max(20)
    .optional()
    .describe("unit of the lengths, when it is not the one the shop reads"),
  notes: z.string().max(4_000).optional(),
});
const codeInput = z.object({
  code: z.string().max(4_000).describe("lines of arithmetic; the last one is the result"),
});
const queryInput = z.object({ query: z.string().max(500) });

/** Tools and an empty record of submissions for one attempt at a problem. */
export function createToolBox(problem: Problem): ToolBox {
  const family = requireFamily(problem.family);
  const submissions: Submission[] = [];
  const tools: Record<string, WorkbenchTool> = {
    consistency_check: checked(
      "Checks a design for missing or unknown variables, ranges and collisions between parts.",
      designInput,
      ({ design }) => {
        const issues = family.consistency(problem, design);
        return { consistent: issues.length === 0, issues };
      },
    ),
    simulate: checked(
      "Computes the requirements of a design with a quick first-order model.",
      designInput,
      ({ design }) => {
        const lacking = incomplete(problem, design);
        if (lacking !== null) return lacking;
        const checks = family.simulate(problem, design);
        return {
          checks,
          allSatisfied: checks.every((check) => check.satisfied),
          note: "first-order model; the acceptance test is stricter",
        };
      },
    ),
    evaluate_cost: checked(
      "Computes what a design costs, the limit and what drives it.",
      designInput,
      ({ design }) => incomplete(problem, design) ?? family.cost(problem, design),
    ),
    calculator: checked(
      "Evaluates arithmetic in Python's notation; begin with `import math` to use math.sqrt, math.pi and so on.",
      codeInput,
      ({ code }) => calculate(code),
    ),
    lookup_reference: checked(
      "Searches old handbooks for typical values.",
      queryInput,
      ({ query }) => lookUpReference(problem, query),
    ),
    submit_solution: checked(
      "Hands the final design in; the last submission counts.",
      submissionInput,
      ({ design, units, notes }) => {
        const own = inOwnUnits(problem, design, units ?? null);
        if (own === null)
          return { error: `There is no unit of length "${units}" here: name ${unitNames}.` };
        submissions.push({
          design: own,
          values: design,
          units: units ?? null,
          notes: notes ?? "",
        });
        return { accepted: true };
      },
    ),
  };
  return { tools, submissions };
}

function checked<Input>(
  description: string,
  inputSchema: z.ZodType<Input>,
  run: (input: Input) => unknown,
): WorkbenchTool {
  return {
    description,
    inputSchema,
    execute: (input) => {
      const parsed = inputSchema.safeParse(input);
      return parsed.success
        ? run(parsed.data)
        : { error: `The input is not as expected: ${z.prettifyError(parsed.error)}` };
    },
  };
}

/** Null when each variable has a finite value, else what is missing. */
function incomplete(problem: Problem, design: Design): { error: string } | null {
  const missing = problem.variables.filter(({ name }) => !Number.isFinite(design[name]));
  if (missing.length === 0) return null;
  const names = missing.map(({ name }) => name).join(", ");
  return { error: `This needs a value for each variable; missing: ${names}.` };
}

/** The design with its lengths in millimetres; without units they are read in the shop's unit. Null: no such unit. */
function inOwnUnits(problem: Problem, design: Design, units: string | null): Design | null {
  const isLength = ({ unit }: DesignVariable) => unit === "mm";
  if (!problem.variables.some(isLength)) return design;
  const per = units === null ? (problem.submissionUnit?.per ?? 1) : millimetresPer(units);
  if (per === null) return null;
  const lengths = new Set(problem.variables.filter(isLength).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(design).map(([name, value]) => [name, lengths.has(name) ? value * per : value]),
  );
}
