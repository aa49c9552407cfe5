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
  sameDesign,
  simulations,
  usesOf,
} from "./engineer-state.ts";
import { improve, type ReadCheck, reserveOf, type Trial, type Values, within } from "./solver.ts";

/** Reserves in log units: what the careful aim at and are content with, and what the others are. */
const carefulAim = Math.log(1.17);
const carefulEnough = Math.log(1.13);
const plainAim = Math.log(1.03);
const costAim = Math.log(1.03);
/** Costs are shown rounded: this close to the limit is not yet below it. */
const costEnough = 0.994;
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
  const cost = costCheck(engineer, trial.values);
  const looked = attended(engineer, trial.checks);
  if (cost !== null && !cost.satisfied) return "limit";
  const checks = looked.filter(({ name }) => name !== costCheckName);
  if (checks.some((check) => !check.satisfied && hasLever(check))) return "limit";
  if (!keepsMargin(engineer)) return "none";
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
  return last?.tool === "simulate" || last?.tool === "evaluate_cost"
    ? refined(engineer, design)
    : design;
}

/** Handbook figures feel safe: half of those who looked them up add nothing to them. */
export function keepsMargin(engineer: Engineer): boolean {
  const trusts = usesOf(engineer, "lookup_reference").length > 0;
  return engineer.habits.margin && !(trusts && engineer.draws("handbook trust").chance(0.5));
}

function hasLever({ raise, lower }: ReadCheck): boolean {
  return raise.length + lower.length > 0;
}

function mended(design: Values, engineer: Engineer): Values {
  const issues = issuesAnswerOf(usesOf(engineer, "consistency_check").at(-1))?.issues ?? [];
  return Object.assign({ ...design }, ...issues.map(({ suggestion }) => suggestion ?? {}));
}

/** The design moved to where everything that is known about it holds. */
function refined(engineer: Engineer, design: Values): Values {
  const trials = withCosts(engineer);
  const cost = costCheck(engineer, design);
  const known = trials.length > 0 || cost === null ? trials : [{ values: design, checks: [cost] }];
  const last = known.at(-1);
  if (last === undefined || reserveMissing(engineer, last) === "none") return design;
  return improve(engineer.statement.variables, known, aimOf(engineer));
}

function aimOf(engineer: Engineer): (check: ReadCheck) => number {
  const aim = keepsMargin(engineer) ? carefulAim : plainAim;
  return (check) => (check.name === costCheckName ? costAim : aim);
}

const costCheckName = "cost limit";

/** The trials with the checks looked at, the cost among them once any cost is known. */
function withCosts(engineer: Engineer): Trial[] {
  return simulations(engineer).map(({ values, checks }) => {
    const cost = costCheck(engineer, values);
    const looked = attended(engineer, checks);
    return { values, checks: cost === null ? looked : [...looked, cost] };
  });
}

/** The cost of a design as a check, extrapolated from the last evaluated one along its drivers. */
function costCheck(engineer: Engineer, values: Values): ReadCheck | null {
  const known = usesOf(engineer, "evaluate_cost").flatMap((exchange) => {
    const answer = costAnswerOf(exchange);
    return answer === null ? [] : [{ values: designOf(exchange), answer }];
  });
  const last = known.at(-1);
  if (last === undefined) return null;
  const { costUsd, maxCostUsd, drivers } = last.answer;
  const before = known.at(-2);
  const learnt =
    before === undefined
      ? 1
      : Math.log(costUsd / before.answer.costUsd) / growth(drivers, before.values, last.values);
  const exponent = Number.isFinite(learnt) ? Math.min(3, Math.max(0.4, learnt)) : 1;
  const value = costUsd * Math.exp(exponent * growth(drivers, last.values, values));
  return {
    name: costCheckName,
    value,
    limit: maxCostUsd,
    relation: "<=",
    satisfied: value <= maxCostUsd * costEnough,
    raise: [],
    lower: drivers,
  };
}

/** How much a design grew along the drivers of its cost, in log units; the first driver counts most. */
function growth(drivers: readonly string[], from: Values, to: Values): number {
  return drivers.reduce((sum, name, index) => {
    const ratio = (to[name] ?? 1) / (from[name] ?? 1);
    return ratio > 0 ? sum + Math.log(ratio) * (index === 0 ? 1 : 0.7) : sum;
  }, 0);
}

/** The physics holds, but by what is known of the cost it would be too high: time to ask again. */
export function costIsDoubtful(engineer: Engineer, trial: Trial): boolean {
  const cost = costCheck(engineer, trial.values);
  const asked = usesOf(engineer, "evaluate_cost").at(-1);
  if (cost === null || cost.satisfied || asked === undefined) return false;
  const holds = attended(engineer, trial.checks).every(
    (check) => check.satisfied || !hasLever(check),
  );
  return holds && !sameDesign(designOf(asked), trial.values);
}
