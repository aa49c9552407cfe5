/** Who did what right in a run of the workbench: the run by the verifier, each agent by its own task. */

import { rangeCheckSuffix } from "#workbench/checks.ts";
import { requireFamily } from "#workbench/families.ts";
import type { Problem, Verification } from "#workbench/problem.ts";
import type { AgentUsage, CriticVerdict, Failure } from "../domain/trial.ts";
import type { AgentTurn } from "./agent-call.ts";
import { namesEveryLimit } from "./judgements.ts";

export const workbenchRoles = ["planner", "engineer", "critic"] as const;
export type WorkbenchRole = (typeof workbenchRoles)[number];

export interface RoleTurn {
  role: WorkbenchRole;
  turn: AgentTurn;
}

/** A run of the workbench as far as it came. */
export interface WorkbenchRun {
  problem: Problem;
  turns: readonly RoleTurn[];
  plan: string;
  /** The critic's judgement of the first design, or null when it came to none. */
  firstVerdict: CriticVerdict | null;
  /** The verifier's judgement of the design that the critic saw, and of the last one; null when there was none. */
  firstVerification: Verification | null;
  verification: Verification | null;
}

/** Failures after which the others have nothing to go on: they end the run, whatever was handed in before. */
const breaking: readonly Failure["errorClass"][] = [
  "timeout",
  "model-error",
  "template-error",
  "over-budget",
];

export function breaks(turn: AgentTurn): boolean {
  return turn.failure !== null && breaking.includes(turn.failure.errorClass);
}

/** Why the run failed, or null for a success. */
export function runFailure({ turns, verification }: WorkbenchRun): Failure | null {
  const broken = turns.find(({ turn }) => breaks(turn))?.turn.failure;
  if (broken !== undefined && broken !== null) return broken;
  if (verification !== null)
    return verification.success ? null : constraintFailure(verification.firstFailure);
  const own = turns.findLast(({ role, turn }) => role === "engineer" && turn.failure !== null);
  return own?.turn.failure ?? noSubmission;
}

const noSubmission: Failure = {
  errorClass: "no-submission",
  signature: "no-submission",
  message: "The run ended without a submitted design.",
};

function constraintFailure(failed: Verification["firstFailure"]): Failure {
  const name = failed?.name ?? "unknown";
  // Whichever variable it is: values out of their ranges have one cause, so they share a signature.
  const isRange = name.endsWith(rangeCheckSuffix);
  return {
    errorClass: "constraint-violated",
    signature: `constraint-violated/${isRange ? "range" : name}`,
    message:
      failed === null
        ? "The design was refused."
        : `${name} is ${figure(failed.value)} ${failed.unit}, required ${failed.relation} ${figure(failed.limit)} ${failed.unit}.`,
    failedCheck: isRange ? `every value${rangeCheckSuffix}` : name,
  };
}

/**
 * What each agent that took part used and whether it did its own task: a plan that names every limit, a design that
 * holds, a verdict that is right.
 */
export function agentUsages(run: WorkbenchRun): AgentUsage[] {
  return workbenchRoles.flatMap((role) => {
    const own = run.turns.filter((entry) => entry.role === role);
    if (own.length === 0) return [];
    const failure = roleFailure(role, run);
    return [
      {
        agentType: role,
        outcome: failure === null ? "success" : "failure",
        ...totals(own),
        modelCalls: sum(own.map(({ turn }) => turn.modelCalls)),
        failure,
      },
    ];
  });
}

function roleFailure(role: WorkbenchRole, run: WorkbenchRun): Failure | null {
  const broken = run.turns.find((entry) => entry.role === role && breaks(entry.turn));
  if (broken !== undefined) return broken.turn.failure;
  if (role === "engineer") return runFailure(run);
  if (role === "planner") {
    if (namesEveryLimit(run.plan, limitsOf(run.problem))) return null;
    return {
      errorClass: "wrong-answer",
      signature: "plan/limit-missing",
      message: "The plan leaves out a numeric limit of the task.",
    };
  }
  return criticFailure(run);
}

/** Every numeric limit of a task, the cost's included. */
function limitsOf(problem: Problem): number[] {
  const middle = Object.fromEntries(
    problem.variables.map(({ name, min, max }) => [name, Math.round((min + max) / 2)]),
  );
  const checks = requireFamily(problem.family).simulate(problem, middle);
  return [...checks.map(({ limit }) => limit), problem.maxCostUsd];
}

function criticFailure({ firstVerdict, firstVerification }: WorkbenchRun): Failure | null {
  const passed = firstVerdict?.pass ?? true;
  const holds = firstVerification?.success ?? false;
  if (passed === holds) return null;
  return passed
    ? {
        errorClass: "wrong-answer",
        signature: "critic/missed-error",
        message: "The critic passed a design that does not hold.",
      }
    : {
        errorClass: "wrong-answer",
        signature: "critic/false-alarm",
        message: "The critic refused a design that holds.",
      };
}

export function totals(turns: readonly RoleTurn[]) {
  return {
    costUsd: sum(turns.map(({ turn }) => turn.costUsd)),
    inputTokens: sum(turns.map(({ turn }) => turn.usage.inputTokens)),
    outputTokens: sum(turns.map(({ turn }) => turn.usage.outputTokens)),
    latencyMs: sum(turns.map(({ turn }) => turn.latencyMs)),
  };
}

function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "undefined";
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
