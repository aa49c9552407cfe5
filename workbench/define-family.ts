/**
 * Makes a problem family from its physics. A problem is drawn around a nominal design that meets every limit with
 * reserve, so each problem has a solution; the limits lie close around it, so a careless design misses one of them.
 */
import { type Draws, draw } from "#lib/random.ts";
import { boundChecks, collisionCheck, costCheck, inputIssues, judge, unusable } from "./checks.ts";
import type {
  Check,
  ConsistencyIssue,
  CostReport,
  Design,
  DesignVariable,
  Problem,
  ProblemFamily,
} from "./problem.ts";
import { statementOf } from "./statement.ts";

/** A value for each variable of a family. */
export type Values<Name extends string> = Record<Name, number>;

export interface Variable<Name extends string> {
  name: Name;
  unit: string;
  min: number;
  max: number;
  /** Only whole numbers make sense. */
  integer?: boolean;
  description: string;
}

/** One requirement before its limit is drawn. */
export interface Requirement<Name extends string> {
  name: string;
  unit: string;
  relation: "<=" | ">=";
  /** Full physics, in the requirement's unit. */
  exact(values: Values<Name>): number;
  /** What the quick model computes: it leaves an effect out. */
  simple(values: Values<Name>): number;
  /** Variables that improve the value when raised or lowered, the most effective first. */
  raise?: Name[];
  lower?: Name[];
  /** In words, with `{limit}` where the number and unit belong. */
  text: string;
  /** A limit that is given, not drawn around the nominal design. */
  limit?: number;
  /** May be stated late in the text, apart from the list; each problem draws whether it is. */
  late?: boolean;
}

export interface Collision<Name extends string> {
  message: string;
  variables: Name[];
  /** Values that would mend it. */
  suggestion: Design;
}

export interface FamilyDefinition<Parameters, Name extends string> {
  name: string;
  title: string;
  parameters(draws: Draws): Parameters;
  variables(parameters: Parameters): Variable<Name>[];
  requirements(parameters: Parameters): Requirement<NoInfer<Name>>[];
  cost(parameters: Parameters, values: Values<NoInfer<Name>>): number;
  /** Variables whose decrease saves money, the most effective first. */
  drivers: NoInfer<Name>[];
  /** What is to be built and what acts on it, in words with numbers and units. */
  story(parameters: Parameters): string;
  /** A design that is to be feasible, drawn; by default each variable within the middle of its range. */
  nominal?(parameters: Parameters, draws: Draws): Values<NoInfer<Name>>;
  /** Geometry that the quick model does not see. */
  collisions?(parameters: Parameters, values: Values<NoInfer<Name>>): Collision<NoInfer<Name>>[];
}

interface Drawn<Parameters, Name extends string> {
  parameters: Parameters;
  requirements: (Requirement<Name> & { limit: number })[];
  maxCostUsd: number;
}

/** Reserve of the nominal design against each limit. */
const reserve = 1.29;
const inches = { unit: "in", plural: "inches", from: "mm", per: 25.4 };
const inchShare = 0.4;
const lateShare = 0.65;
const rememberedMax = 2_000;

export function defineFamily<Parameters, Name extends string>(
  definition: FamilyDefinition<Parameters, Name>,
): ProblemFamily {
  const drawn = remember((seed) => drawProblem(definition, seed));
  const cost = (problem: Problem, values: Values<Name>): number =>
    definition.cost(drawn(problem.seed).parameters, values);
  const checks = (problem: Problem, values: Values<Name>, model: "exact" | "simple"): Check[] =>
    drawn(problem.seed).requirements.map((requirement) =>
      checkOf(requirement, requirement[model](values)),
    );
  const collisions = (problem: Problem, values: Values<Name>): ConsistencyIssue[] =>
    (definition.collisions?.(drawn(problem.seed).parameters, values) ?? []).map((collision) => ({
      kind: "collision",
      ...collision,
    }));
  return {
    name: definition.name,
    title: definition.title,
    generate: (seed, id) => ({ id, seed, ...describe(definition, drawn(seed), seed) }),
    verify: (problem, design) => {
      const missing = problem.variables.filter(({ name }) => !Number.isFinite(design[name]));
      if (missing.length > 0) return unusable(missing.map(({ name }) => name));
      const values = valuesOf<Name>(problem, design);
      const collided = collisions(problem, values).length;
      return judge([
        ...boundChecks(problem, design),
        ...(definition.collisions === undefined ? [] : [collisionCheck(collided)]),
        ...checks(problem, values, "exact"),
        costCheck(problem, cost(problem, values)),
      ]);
    },
    simulate: (problem, design) => checks(problem, valuesOf<Name>(problem, design), "simple"),
    cost: (problem, design): CostReport => {
      const check = costCheck(problem, cost(problem, valuesOf<Name>(problem, design)));
      const { value: costUsd, limit: maxCostUsd, satisfied } = check;
      return { costUsd, maxCostUsd, satisfied, drivers: definition.drivers };
    },
    consistency: (problem, design) => [
      ...inputIssues(problem, design),
      ...collisions(problem, valuesOf<Name>(problem, design)),
    ],
  };
}

function drawProblem<Parameters, Name extends string>(
  definition: FamilyDefinition<Parameters, Name>,
  seed: number,
): Drawn<Parameters, Name> {
  const draws = draw(seed, "workbench", definition.name);
  const parameters = definition.parameters(draws);
  const nominal =
    definition.nominal?.(parameters, draws) ?? middling(definition.variables(parameters), draws);
  const hidesOne = draw(seed, "late", definition.name).chance(lateShare);
  const requirements = definition.requirements(parameters).map((requirement) => ({
    ...requirement,
    late: requirement.late === true && hidesOne,
    limit: requirement.limit ?? drawnLimit(requirement, nominal),
  }));
  const tight = draws.chance(0.5);
  const slack = tight ? 1.1 + 0.06 * draws.next() : 1.25 + 0.25 * draws.next();
  const maxCostUsd = Number((definition.cost(parameters, nominal) * slack).toFixed(2));
  return { parameters, requirements, maxCostUsd };
}

function describe<Parameters, Name extends string>(
  definition: FamilyDefinition<Parameters, Name>,
  { parameters, requirements, maxCostUsd }: Drawn<Parameters, Name>,
  seed: number,
): Omit<Problem, "id" | "seed"> {
  const variables: DesignVariable[] = definition
    .variables(parameters)
    .map((variable) => ({ integer: false, ...variable }));
  const hasLengths = variables.some(({ unit }) => unit === inches.from);
  const inInches = hasLengths && draw(seed, "unit", definition.name).chance(inchShare);
  const submissionUnit = inInches ? inches : null;
  const story = definition.story(parameters);
  return {
    family: definition.name,
    title: definition.title,
    statement: statementOf({ story, variables, requirements, maxCostUsd, submissionUnit }),
    variables,
    maxCostUsd,
    submissionUnit,
  };
}

/** Drawing a problem is a pure function of its seed and every tool call needs it. */
function remember<Value>(compute: (seed: number) => Value): (seed: number) => Value {
  const remembered = new Map<number, Value>();
  return (seed) => {
    const known = remembered.get(seed);
    if (known !== undefined) return known;
    const value = compute(seed);
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(seed, value);
    return value;
  };
}

/** A value somewhere in the inner part of each range, whole where it must be. */
function middling<Name extends string>(
  variables: readonly Variable<Name>[],
  draws: Draws,
): Values<Name> {
  return record(
    variables.map(({ name, min, max, integer }) => {
      const value = min + (0.22 + 0.6 * draws.next()) * (max - min);
      return [name, integer ? Math.round(value) : value];
    }),
  );
}

/** The values of the problem's variables; what is missing is NaN, which satisfies nothing. */
function valuesOf<Name extends string>(problem: Problem, design: Design): Values<Name> {
  return record(problem.variables.map(({ name }) => [name as Name, design[name] ?? Number.NaN]));
}

/** `Object.fromEntries` forgets the names; the entries are made from the family's own variables. */
function record<Name extends string>(entries: readonly (readonly [Name, number])[]): Values<Name> {
  return Object.fromEntries(entries) as Values<Name>;
}

function drawnLimit<Name extends string>(
  requirement: Requirement<Name>,
  nominal: Values<Name>,
): number {
  const value = requirement.exact(nominal);
  return Number((requirement.relation === "<=" ? value * reserve : value / reserve).toPrecision(3));
}

function checkOf<Name extends string>(
  requirement: Requirement<Name> & { limit: number },
  value: number,
): Check {
  const { name, unit, relation, limit, raise = [], lower = [] } = requirement;
  const holds = relation === "<=" ? value <= limit : value >= limit;
  const satisfied = holds && Number.isFinite(value);
  const shown = Number(value.toPrecision(6));
  return { name, value: shown, limit, relation, unit, satisfied, raise, lower };
}
