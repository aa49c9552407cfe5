/** Checks and issues that every family shares: ranges, collisions, cost, and the verdict over all of them. */
import type { Check, ConsistencyIssue, Design, Problem, Verification } from "./problem.ts";

/** A check without variables to move; `satisfied` follows from value and limit. */
function plainCheck(parts: Pick<Check, "name" | "value" | "limit" | "relation" | "unit">): Check {
  const { value, limit, relation } = parts;
  return {
    ...parts,
    satisfied: relation === "<=" ? value <= limit : value >= limit,
    raise: [],
    lower: [],
  };
}

/** Ends the name of the check that a variable keeps to its range. */
export const rangeCheckSuffix = " within its range";

/** One failed check for each value outside its range or not whole where it must be; nothing for the others. */
export function boundChecks(problem: Problem, design: Design): Check[] {
  return problem.variables.flatMap(({ name, unit, min, max, integer }): Check[] => {
    const value = design[name] ?? Number.NaN;
    // A length that came back from another unit may miss its bound by a rounding error.
    const slack = (max - min) * 1e-6;
    const shared = { name: `${name}${rangeCheckSuffix}`, value, unit, satisfied: false };
    if (value < min - slack)
      return [{ ...shared, limit: min, relation: ">=", raise: [name], lower: [] }];
    if (value > max + slack || (integer && !Number.isInteger(value)))
      return [{ ...shared, limit: max, relation: "<=", raise: [], lower: [name] }];
    return [];
  });
}

export function collisionCheck(count: number): Check {
  return plainCheck({ name: "collisions", value: count, limit: 0, relation: "<=", unit: "" });
}

/** The cost is compared as it is reported, in whole cents. */
export function costCheck(problem: Problem, costUsd: number): Check {
  const value = Number(costUsd.toFixed(2));
  return plainCheck({
    name: "cost",
    value,
    limit: problem.maxCostUsd,
    relation: "<=",
    unit: "USD",
  });
}

/** The verdict: success only when every check holds. */
export function judge(checks: Check[]): Verification {
  const firstFailure = checks.find((check) => !check.satisfied) ?? null;
  const score = checks.filter((check) => check.satisfied).length / Math.max(1, checks.length);
  return { success: firstFailure === null, score, checks, firstFailure };
}

/** The verdict on a design that lacks values: nothing can be computed. */
export function unusable(missing: string[]): Verification {
  const check = plainCheck({
    name: `missing ${missing.join(", ")}`,
    value: Number.NaN,
    limit: 0,
    relation: ">=",
    unit: "",
  });
  return { success: false, score: 0, checks: [check], firstFailure: check };
}

/** Names that are none, missing values, and values outside their range or not whole. */
export function inputIssues(problem: Problem, design: Design): ConsistencyIssue[] {
  const known = new Set(problem.variables.map((variable) => variable.name));
  const unknown = Object.keys(design).filter((name) => !known.has(name));
  return [
    ...unknown.map(
      (name): ConsistencyIssue => ({
        kind: "unknown",
        message: `There is no variable ${name}.`,
        variables: [name],
      }),
    ),
    ...problem.variables.flatMap(({ name, unit, min, max, integer }): ConsistencyIssue[] => {
      const value = design[name];
      if (value === undefined || !Number.isFinite(value))
        return [{ kind: "missing", message: `${name} is missing.`, variables: [name] }];
      const bounds = (message: string, mended: number): ConsistencyIssue[] => [
        { kind: "bounds", message, variables: [name], suggestion: { [name]: mended } },
      ];
      if (value < min || value > max) {
        const message = `${name} = ${value} ${unit} is outside ${min} to ${max} ${unit}.`;
        return bounds(message, Math.min(max, Math.max(min, value)));
      }
      if (integer && !Number.isInteger(value))
        return bounds(`${name} must be a whole number.`, Math.round(value));
      return [];
    }),
  ];
}
