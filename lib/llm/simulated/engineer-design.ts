/** Which values the engineer works with next. */
import { z } from "zod";
import { asRecord } from "./conversation.ts";
import {
  attended,
  costAnswerOf,
  currentDesign,
  designOf,
  type Engineer,
  issuesAnswerOf,
  simulations,
  usesOf,
} from "./engineer-state.ts";
import { improve, type ReadCheck, reserveOf, type Trial, type Values, within } from "./solver.ts";

/** Reserves in log units: what the careful aim at and are content with, and what the others are. */
const carefulAim = Math.log(1.17);
const carefulEnough = Math.log(1.13);
const plainAim = Math.log(1.03);
const costReserve = Math.log(1.015);
const typicalShape = z.record(z.string(), z.number());

/** The design before anything was tried: a guess in the inner range, or what the handbook calls typical. */
export function firstDesign(engineer: Engineer): Values {
  const { statement, objection } = engineer;
  const quoted = objection?.values ?? {};
  const typical = typicalShape.safeParse(
    asRecord(usesOf(engineer, "lookup_reference").at(-1)?.result).typical,
  );
  return Object.fromEntries(
    statement.variables.map((variable) => {
      const { name, min, max } = variable;
      const guess = min + (0.28 + 0.5 * engineer.draws(`guess ${name}`).next()) * (max - min);
      const start = quoted[name] ?? (typical.success ? typical.data[name] : undefined) ?? guess;
      return [name, within(variable, start)];
    }),
  );
}

/** What the last trial lacks: a limit, only the reserve that a careful engineer wants, or nothing. */
export function reserveMissing(engineer: Engineer, trial: Trial): "limit" | "reserve" | "none" {
  const checks = attended(engineer, trial.checks);
  if (checks.some((check) => !check.satisfied && hasLever(check))) return "limit";
  if (!engineer.habits.margin) return "none";
  return checks.some((check) => hasLever(check) && reserveOf(check) < carefulEnough)
    ? "reserve"
    : "none";
}

/** The last design, mended by what the tools have answered since it was made. */
export function nextDesign(engineer: Engineer): Values {
  const design = currentDesign(engineer);
  if (design === null) return firstDesign(engineer);
  const last = engineer.exchanges.at(-1);
  if (last?.tool === "consistency_check") return mended(design, engineer);
  if (last?.tool === "simulate") return simulatedFurther(engineer, design);
  if (last?.tool === "evaluate_cost") return cheaper(engineer, design);
  return design;
}

function hasLever({ raise, lower }: ReadCheck): boolean {
  return raise.length + lower.length > 0;
}

function mended(design: Values, engineer: Engineer): Values {
  const issues = issuesAnswerOf(usesOf(engineer, "consistency_check").at(-1))?.issues ?? [];
  return Object.assign({ ...design }, ...issues.map(({ suggestion }) => suggestion ?? {}));
}

function simulatedFurther(engineer: Engineer, design: Values): Values {
  const trials = withCosts(engineer);
  const last = trials.at(-1);
  if (last === undefined) return design;
  const isDone = reserveMissing(engineer, last) === "none";
  return isDone ? design : improve(engineer.statement.variables, trials, aimOf(engineer));
}

function cheaper(engineer: Engineer, design: Values): Values {
  const answer = costAnswerOf(usesOf(engineer, "evaluate_cost").at(-1));
  if (answer === null || answer.satisfied) return design;
  return improve(engineer.statement.variables, withCosts(engineer), aimOf(engineer));
}

function aimOf(engineer: Engineer): (check: ReadCheck) => number {
  const aim = engineer.habits.margin ? carefulAim : plainAim;
  return (check) => (check.name === costCheckName ? costReserve : aim);
}

const costCheckName = "cost limit";

/** The trials with the checks looked at; the last one with its cost, once any cost is known. */
function withCosts(engineer: Engineer): Trial[] {
  const trials = simulations(engineer).map((trial) => ({
    values: trial.values,
    checks: attended(engineer, trial.checks),
  }));
  const end = trials.at(-1);
  const cost = end === undefined ? null : costCheck(engineer, end.values);
  if (end === undefined || cost === null) return trials;
  return [...trials.slice(0, -1), { ...end, checks: [...end.checks, cost] }];
}

/** The cost of a design as a check, extrapolated from the last evaluated one along its drivers. */
function costCheck(engineer: Engineer, values: Values): ReadCheck | null {
  const exchange = usesOf(engineer, "evaluate_cost").findLast((use) => costAnswerOf(use) !== null);
  const answer = costAnswerOf(exchange);
  if (exchange === undefined || answer === null) return null;
  const known = designOf(exchange);
  const factors = answer.drivers.map((name, index) => {
    const ratio = (values[name] ?? 1) / (known[name] ?? 1);
    return ratio > 0 ? ratio ** (index === 0 ? 1 : 0.7) : 1;
  });
  const value = factors.reduce((product, factor) => product * factor, answer.costUsd);
  return {
    name: costCheckName,
    value,
    limit: answer.maxCostUsd,
    relation: "<=",
    satisfied: value <= answer.maxCostUsd,
    raise: [],
    lower: answer.drivers,
  };
}
