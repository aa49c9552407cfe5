/** What the engineer knows at one step: the task, the habits of this run, and what its tools have answered so far. */
import { z } from "zod";
import type { Draws } from "../../random.ts";
import { asRecord, type Exchange } from "./conversation.ts";
import type { Habit } from "./lexicon.ts";
import { checkShape, type ReadCheck, type Trial, type Values } from "./solver.ts";
import { numbersIn, type Statement } from "./statement.ts";

export interface Engineer {
  statement: Statement;
  /** Everything said to the engineer beside the statement: instructions, plan, objection. */
  instructions: string;
  habits: Record<Habit, boolean>;
  tools: readonly string[];
  exchanges: readonly Exchange[];
  /** Draws for one purpose, the same at every step of this run. */
  draws(purpose: string): Draws;
  objection: Objection | null;
}

export interface Objection {
  text: string;
  /** Values the critic quotes from the rejected design. */
  values: Values;
}

const simulationShape = z.object({ checks: z.array(checkShape) });
const issuesShape = z.object({
  consistent: z.boolean(),
  issues: z.array(
    z.object({
      message: z.string().catch(""),
      suggestion: z.record(z.string(), z.number()).optional().catch(undefined),
    }),
  ),
});
const costShape = z.object({
  costUsd: z.number(),
  maxCostUsd: z.number(),
  satisfied: z.boolean(),
  drivers: z.array(z.string()).catch([]),
});
const designShape = z.record(z.string(), z.number());
export type CostAnswer = z.infer<typeof costShape>;
export type IssuesAnswer = z.infer<typeof issuesShape>;

/** The design a tool was called with. */
export function designOf(exchange: Exchange): Values {
  return designShape.safeParse(asRecord(exchange.input).design).data ?? {};
}

export function usesOf(engineer: Engineer, tool: string): Exchange[] {
  return engineer.exchanges.filter((exchange) => exchange.tool === tool);
}

/** Simulations whose answer could be read, in their order. */
export function simulations(engineer: Engineer): Trial[] {
  return usesOf(engineer, "simulate").flatMap((exchange) => {
    const answer = simulationShape.safeParse(exchange.result);
    return answer.success ? [{ values: designOf(exchange), checks: answer.data.checks }] : [];
  });
}

export function costAnswerOf(exchange: Exchange | undefined): CostAnswer | null {
  return costShape.safeParse(exchange?.result).data ?? null;
}

export function issuesAnswerOf(exchange: Exchange | undefined): IssuesAnswer | null {
  return issuesShape.safeParse(exchange?.result).data ?? null;
}

/** The design that was worked on last, or null before the first. */
export function currentDesign(engineer: Engineer): Values | null {
  const last = engineer.exchanges.findLast(
    (exchange) => exchange.tool !== "submit_solution" && Object.keys(designOf(exchange)).length > 0,
  );
  return last === undefined ? null : designOf(last);
}

export function sameDesign(a: Values, b: Values): boolean {
  const names = Object.keys({ ...a, ...b });
  return names.every((name) => Math.abs((a[name] ?? 0) - (b[name] ?? 0)) < 1e-9);
}

/**
 * Checks the engineer looks at. One that was stated late is overlooked unless somebody listed it or the engineer read
 * to the end; one that a failed calculation was to settle is taken as settled.
 */
export function attended(engineer: Engineer, checks: readonly ReadCheck[]): ReadCheck[] {
  const late = new Set(engineer.statement.late.flatMap(numbersIn));
  const listed = new Set(numbersIn(engineer.instructions));
  const guessed = guessedCheck(engineer, checks);
  return checks.filter((check) => {
    if (check.name === guessed) return false;
    const limit = String(check.limit);
    return !late.has(limit) || listed.has(limit) || engineer.habits.constraints;
  });
}

/** Name of the check that was judged by mental arithmetic after the calculator failed, or null. */
function guessedCheck(engineer: Engineer, checks: readonly ReadCheck[]): string | null {
  const failed = usesOf(engineer, "calculator").at(-1);
  if (failed === undefined || !("error" in asRecord(failed.result)) || checks.length === 0)
    return null;
  return engineer.draws("mental arithmetic").pick(checks).name;
}
