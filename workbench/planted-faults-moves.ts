/** What a planted engineer hands in after an objection. */
import type { Draws } from "#lib/random.ts";
import { rangeCheckSuffix } from "./checks.ts";
import { requireFamily } from "./families.ts";
import type { Check, Design, Problem } from "./problem.ts";
import type { Submission } from "./tools.ts";

export type Answer = { kind: "stand-by" } | { kind: "submit"; values: Design; simulates: boolean };

/** Variables that a requirement hangs on, the most effective first. */
export function leversOf(problem: Problem, design: Design, check: Check): string[] {
  const family = requireFamily(problem.family);
  if (check.name === "cost") return family.cost(problem, design).drivers;
  if (check.name === "collisions") {
    const issues = family.consistency(problem, design);
    return [...new Set(issues.flatMap(({ variables }) => variables))];
  }
  if (check.name.endsWith(rangeCheckSuffix)) return [check.name.slice(0, -rangeCheckSuffix.length)];
  return [...check.raise, ...check.lower];
}

/**
 * Moves a variable of the requirement towards its good side, by too little to mend the design where that can be; without
 * a requirement it moves any variable. Null when every such move mends the design.
 */
export function heeding(
  problem: Problem,
  handedIn: Submission,
  check: Check | null,
  draws: Draws,
): Answer | null {
  const names =
    check === null
      ? problem.variables.map(({ name }) => name)
      : leversOf(problem, handedIn.design, check);
  const free = names.filter(
    (name) => !isWhole(problem, name) && handedIn.values[name] !== undefined,
  );
  if (free.length === 0) return null;
  const name = draws.pick(free.slice(0, 2));
  const up = check === null ? draws.chance(0.5) : goesUp(problem, handedIn.design, check, name);
  const simulates = draws.chance(0.7);
  for (const size of sizesFrom(draws)) {
    const factor = up ? 1 + size : 1 - size;
    const moved = (design: Design) => ({
      ...design,
      [name]: Number(((design[name] ?? 0) * factor).toPrecision(5)),
    });
    if (!requireFamily(problem.family).verify(problem, moved(handedIn.design)).success)
      return { kind: "submit", values: moved(handedIn.values), simulates };
  }
  return null;
}

/** Moves a variable that the requirement does not hang on; null when it hangs on all of them. */
export function wandering(
  problem: Problem,
  handedIn: Submission,
  check: Check,
  draws: Draws,
): Answer | null {
  const levers = new Set(leversOf(problem, handedIn.design, check));
  const others = problem.variables.filter(({ name, integer }) => !levers.has(name) && !integer);
  if (others.length === 0) return null;
  const { name } = draws.pick(others);
  const factor = draws.pick([0.9, 0.95, 1.05, 1.1]);
  const values = { ...handedIn.values, [name]: (handedIn.values[name] ?? 0) * factor };
  return { kind: "submit", values, simulates: draws.chance(0.5) };
}

/** The same design in other digits. */
export function cosmetic(values: Design, draws: Draws): Design {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      Number.isInteger(value) ? value : value * (1 + 0.001 * (draws.next() - 0.5)),
    ]),
  );
}

function isWhole(problem: Problem, name: string): boolean {
  return problem.variables.some((variable) => variable.name === name && variable.integer);
}

/** From a drawn size downwards, so that one of them is small enough to leave the design failing. */
function sizesFrom(draws: Draws): number[] {
  const sizes = [0.3, 0.2, 0.12, 0.08, 0.05, 0.03, 0.015, 0.008];
  return sizes.slice(draws.int(5));
}

function goesUp(problem: Problem, design: Design, check: Check, name: string): boolean {
  if (check.raise.includes(name)) return true;
  if (check.lower.includes(name) || check.name === "cost") return false;
  const issue = requireFamily(problem.family)
    .consistency(problem, design)
    .find(({ suggestion }) => suggestion?.[name] !== undefined);
  const wanted = issue?.suggestion?.[name];
  return wanted === undefined ? check.relation === ">=" : wanted > (design[name] ?? 0);
}
