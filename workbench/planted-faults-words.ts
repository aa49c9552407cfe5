/** What a planted critic says: of the requirement that fails, of one that does not, and of nothing in particular. */
import type { Draws } from "#lib/random.ts";
import { rangeCheckSuffix } from "./checks.ts";
import type { Check, Design } from "./problem.ts";

/** Objections to one requirement in different words, from its full name and figures to a hint. */
export function objectionTo(check: Check, variables: readonly string[], draws: Draws): string {
  const variable = variables.length === 0 ? null : draws.pick(variables.slice(0, 2));
  const larger = variable !== null && check.raise.includes(variable);
  const hint = variable === null ? "" : ` ${larger ? "Increase" : "Reduce"} ${variable}.`;
  const limit = `${check.limit}${check.unit === "" ? "" : ` ${check.unit}`}`;
  const found = Number(check.value.toPrecision(3));
  if (check.name === "cost") {
    return draws.pick([
      `The cost of ${found} USD exceeds the limit of ${limit}.${hint}`,
      `This is too expensive: at most ${limit} may be spent.${hint}`,
      `It comes out above the budget.${hint}`,
      `We may spend ${limit}, and this takes more.`,
    ]);
  }
  if (check.name === "collisions") {
    return draws.pick([
      `Two parts collide.${hint}`,
      `The parts overlap, so it cannot be built.${hint}`,
      `One part runs into another; the geometry does not fit.`,
    ]);
  }
  if (check.name.endsWith(rangeCheckSuffix)) {
    const name = check.name.slice(0, -rangeCheckSuffix.length);
    return draws.pick([
      `${name} = ${found} is outside its range: check the value and its unit.`,
      `${name} is out of bounds.`,
      `${name} cannot be ${found}; the units look wrong.`,
    ]);
  }
  return draws.pick([
    `The ${check.name} is ${found} ${check.unit}, but ${limit} is required.${hint}`,
    `${sentence(check.name)} misses its limit.${hint}`,
    `With these figures the ${check.name.split(" ").at(-1)} is not met.${hint}`,
    `The requirement of ${limit} is violated.${hint}`,
    `My own calculation gives ${found} ${check.unit} against the ${limit} that the task allows.`,
    variable === null
      ? `The ${check.name} fails.`
      : `${variable} is too ${larger ? "small" : "large"}.`,
  ]);
}

/** An objection that says nothing of what it is about. */
export function vagueObjection(draws: Draws): string {
  return draws.pick([
    "I am not convinced by this design, please look at it again.",
    "Something about this does not seem right.",
    "This needs more work before it can go out.",
    "The design does not meet the task. Please revise it.",
  ]);
}

/** Words around an objection that a careful critic adds: praise of what holds, and the design quoted. */
export function wrapped(
  objection: string,
  praised: Check | undefined,
  design: Design,
  draws: Draws,
): string {
  const quoted = Object.entries(design).map(([name, value]) => `${name} = ${value}`);
  const quote = draws.chance(0.4) ? ` (Submitted: ${quoted.join(", ")}.)` : "";
  if (praised === undefined || !draws.chance(0.3)) return `${objection}${quote}`;
  const praise = draws.pick([
    `The ${praised.name} is fine, but `,
    `The ${praised.name} holds. `,
    `No problem with the ${praised.name}; however, `,
  ]);
  return `${praise}${objection}${quote}`;
}

function sentence(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
