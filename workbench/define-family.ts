/**
 * Makes a problem family from its physics. A problem is drawn around a nominal design that meets every limit with
 * reserve, so each problem has a solution; the limits lie close around it, so a careless design misses one of them.
 */
import { type Draws, draw } from "#lib/random.ts";
import type {
  Check,
  ConsistencyIssue,
  CostReport,
  Design,
  DesignVariable,
  Problem,
  ProblemFamily,
  Verification,
} from "./problem.ts";
import { statementOf } from "./statement.ts";

/** One requirement before its limit is drawn. */
export interface Requirement {
  name: string;
  unit: string;
  relation: "<=" | ">=";
  /** Full physics, in the requirement's unit. */
  exact(design: Design): number;
  /** What the quick model computes: it leaves an effect out. */
  simple(design: Design): number;
  /** Variables that improve the value when raised or lowered, the most effective first. */
  raise?: string[];
  lower?: string[];
  /** In words, with `{limit}` where the number and unit belong. */
  text: string;
  /** A limit that is given, not drawn around the nominal design. */
  limit?: number;
  /** Stated late in the text, apart from the list. */
  late?: boolean;
}

export interface FamilyDefinition<Parameters> {
  name: string;
  title: string;
  parameters(draws: Draws): Parameters;
  variables(parameters: Parameters): DesignVariable[];
  requirements(parameters: Parameters): Requirement[];
  cost(parameters: Parameters, design: Design): number;
  /** Variables whose decrease saves money, the most effective first. */
  drivers: string[];
  /** What is to be built and what acts on it, in words with numbers and units. */
  story(parameters: Parameters): string;
  /** A design that is to be feasible, drawn; by default each variable within the middle of its range. */
  nominal?(parameters: Parameters, draws: Draws): Design;
  /** Geometry that the quick model does not see. */
  collisions?(parameters: Parameters, design: Design): ConsistencyIssue[];
}

interface Drawn<Parameters> {
  parameters: Parameters;
  requirements: (Requirement & { limit: number })[];
  maxCostUsd: number;
}

/** Reserve of the nominal design against each limit. */
const reserve = 1.26;
const inches = { unit: "in", from: "mm", per: 25.4 };

export function defineFamily<Parameters>(definition: FamilyDefinition<Parameters>): ProblemFamily {
  const drawProblem = (seed: number): Drawn<Parameters> => {
    const draws = draw(seed, "workbench", definition.name);
    const parameters = definition.parameters(draws);
    const nominal =
      definition.nominal?.(parameters, draws) ?? middling(definition.variables(parameters), draws);
    const requirements = definition.requirements(parameters).map((requirement) => ({
      ...requirement,
      limit: requirement.limit ?? drawnLimit(requirement, nominal),
    }));
    const cost = definition.cost(parameters, nominal);
    const tight = draws.chance(0.5);
    const maxCostUsd = Number(
      (cost * (tight ? 1.1 + 0.06 * draws.next() : 1.25 + 0.25 * draws.next())).toFixed(2),
    );
    return { parameters, requirements, maxCostUsd };
  };
  const remembered = new Map<number, Drawn<Parameters>>();
  const drawn = (seed: number): Drawn<Parameters> => {
    const known = remembered.get(seed);
    if (known !== undefined) return known;
    const fresh = drawProblem(seed);
    if (remembered.size > 2_000) remembered.clear();
    remembered.set(seed, fresh);
    return fresh;
  };
  const checksOf = (problem: Problem, design: Design, model: "exact" | "simple"): Check[] =>
    drawn(problem.seed).requirements.map((requirement) =>
      checkOf(requirement, requirement[model](design)),
    );
  return {
    name: definition.name,
    title: definition.title,
    generate: (seed, id) => {
      const { parameters, requirements, maxCostUsd } = drawn(seed);
      const variables = definition.variables(parameters);
      const hasLengths = variables.some((variable) => variable.unit === inches.from);
      const submissionUnit =
        hasLengths && draw(seed, "unit", definition.name).chance(0.4) ? inches : null;
      const story = definition.story(parameters);
      const statement = statementOf({ story, variables, requirements, maxCostUsd, submissionUnit });
      return {
        id,
        family: definition.name,
        seed,
        title: definition.title,
        statement,
        variables,
        maxCostUsd,
        submissionUnit,
      };
    },
    verify: (problem, design) => {
      const missing = definition
        .variables(drawn(problem.seed).parameters)
        .filter(({ name }) => !Number.isFinite(design[name]));
      if (missing.length > 0) return unusable(missing.map(({ name }) => name));
      const collisions = definition.collisions?.(drawn(problem.seed).parameters, design) ?? [];
      return judge([
        ...boundChecks(problem, design),
        ...collisionChecks(definition.collisions !== undefined, collisions.length),
        ...checksOf(problem, design, "exact"),
        costCheck(problem, definition.cost(drawn(problem.seed).parameters, design)),
      ]);
    },
    simulate: (problem, design) => checksOf(problem, design, "simple"),
    cost: (problem, design) =>
      costReport(
        problem,
        definition.cost(drawn(problem.seed).parameters, design),
        definition.drivers,
      ),
    consistency: (problem, design) => [
      ...inputIssues(problem, design),
      ...(definition.collisions?.(drawn(problem.seed).parameters, design) ?? []),
    ],
  };
}

/** A value somewhere in the inner part of each range, whole where it must be. */
function middling(variables: readonly DesignVariable[], draws: Draws): Design {
  return Object.fromEntries(
    variables.map(({ name, min, max, integer }) => {
      const value = min + (0.22 + 0.6 * draws.next()) * (max - min);
      return [name, integer ? Math.round(value) : value];
    }),
  );
}

function drawnLimit(requirement: Requirement, nominal: Design): number {
  const value = requirement.exact(nominal);
  return Number((requirement.relation === "<=" ? value * reserve : value / reserve).toPrecision(3));
}

function checkOf(requirement: Requirement & { limit: number }, value: number): Check {
  const { name, unit, relation, limit, raise = [], lower = [] } = requirement;
  const satisfied = relation === "<=" ? value <= limit : value >= limit;
  return {
    name,
    value: Number(value.toPrecision(6)),
    limit,
    relation,
    unit,
    satisfied: satisfied && Number.isFinite(value),
    raise,
    lower,
  };
}

function boundChecks(problem: Problem, design: Design): Check[] {
  return problem.variables.flatMap(({ name, unit, min, max, integer }) => {
    const value = design[name] ?? Number.NaN;
    const check = (limit: number, relation: "<=" | ">=", satisfied: boolean): Check => ({
      name: `${name} within its range`,
      value,
      limit,
      relation,
      unit,
      satisfied,
      raise: relation === ">=" ? [name] : [],
      lower: relation === "<=" ? [name] : [],
    });
    const whole = !integer || Number.isInteger(value);
    const slack = (max - min) * 1e-6;
    if (value < min - slack) return [check(min, ">=", false)];
    if (value > max + slack || !whole) return [check(max, "<=", false)];
    return [];
  });
}

function collisionChecks(has: boolean, count: number): Check[] {
  if (!has) return [];
  return [
    {
      name: "collisions",
      value: count,
      limit: 0,
      relation: "<=",
      unit: "",
      satisfied: count === 0,
      raise: [],
      lower: [],
    },
  ];
}

function costCheck(problem: Problem, costUsd: number): Check {
  const value = Number(costUsd.toFixed(4));
  return {
    name: "cost",
    value,
    limit: problem.maxCostUsd,
    relation: "<=",
    unit: "USD",
    satisfied: value <= problem.maxCostUsd,
    raise: [],
    lower: [],
  };
}

function costReport(problem: Problem, cost: number, drivers: string[]): CostReport {
  const costUsd = Number(cost.toFixed(2));
  return {
    costUsd,
    maxCostUsd: problem.maxCostUsd,
    satisfied: costUsd <= problem.maxCostUsd,
    drivers,
  };
}

function judge(checks: Check[]): Verification {
  const firstFailure = checks.find((check) => !check.satisfied) ?? null;
  const score = checks.filter((check) => check.satisfied).length / Math.max(1, checks.length);
  return { success: firstFailure === null, score, checks, firstFailure };
}

function unusable(names: string[]): Verification {
  const check: Check = {
    name: `missing ${names.join(", ")}`,
    value: Number.NaN,
    limit: 0,
    relation: ">=",
    unit: "",
    satisfied: false,
    raise: [],
    lower: [],
  };
  return { success: false, score: 0, checks: [check], firstFailure: check };
}

function inputIssues(problem: Problem, design: Design): ConsistencyIssue[] {
  const known = new Set(problem.variables.map((variable) => variable.name));
  const issues: ConsistencyIssue[] = [];
  for (const name of Object.keys(design)) {
    if (!known.has(name))
      issues.push({ kind: "unknown", message: `There is no variable ${name}.`, variables: [name] });
  }
  for (const { name, unit, min, max, integer } of problem.variables) {
    const value = design[name];
    if (value === undefined || !Number.isFinite(value)) {
      issues.push({ kind: "missing", message: `${name} is missing.`, variables: [name] });
    } else if (value < min || value > max) {
      const message = `${name} = ${value} ${unit} is outside ${min} to ${max} ${unit}.`;
      issues.push({
        kind: "bounds",
        message,
        variables: [name],
        suggestion: { [name]: Math.min(max, Math.max(min, value)) },
      });
    } else if (integer && !Number.isInteger(value)) {
      issues.push({
        kind: "bounds",
        message: `${name} must be a whole number.`,
        variables: [name],
        suggestion: { [name]: Math.round(value) },
      });
    }
  }
  return issues;
}
