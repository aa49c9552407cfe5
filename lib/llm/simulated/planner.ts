import type { Draws } from "../../random.ts";
import type { Habit } from "./lexicon.ts";
import type { Statement } from "./statement.ts";

export interface Planner {
  statement: Statement;
  habits: Record<Habit, boolean>;
  draws(purpose: string): Draws;
}

/** Writes a plan: what its habits make it list, in the task's own figures. */
export function writePlan({ statement, habits, draws }: Planner): string {
  const { requirements, late, variables, costLimitUsd } = statement;
  const listed = habits.constraints
    ? [...requirements, ...late]
    : requirements.slice(0, Math.max(1, requirements.length - 1));
  const names = variables.map(({ name, unit, min, max }) =>
    habits.variables ? `${name} (${min} to ${max} ${unit})` : name,
  );
  const lines = [
    draws("opening").pick([
      "Plan for this design.",
      "Here is how to approach the task.",
      "The task in short.",
    ]),
    `Free choice: ${names.join(", ")}.`,
    ...listed.map((line, index) => `Limit ${index + 1}: ${plain(line)}`),
    ...(costLimitUsd !== null && (habits.constraints || habits.cost)
      ? [`Limit on money: ${costLimitUsd} USD.`]
      : []),
    ...(habits.units && statement.otherUnit !== null && draws("units").chance(0.4)
      ? [`State units when submitting: figures are in ${statement.otherUnit.from}.`]
      : []),
    ...(habits.collisions ? ["Check collisions with the consistency check before the end."] : []),
    ...(habits.cost ? ["Evaluate the cost before the end."] : []),
    ...(habits.margin ? ["Keep a margin of 15 % to every limit."] : []),
    ...(habits.simulate ? ["Simulate and adjust until all checks pass."] : []),
    ...(habits.order && !habits.concise
      ? ["Sequence: size the main dimensions, look at the tightest limit, then at the others."]
      : []),
  ];
  return lines.join("\n");
}

function plain(line: string): string {
  return line
    .replace(/^\s*[-*]\s+/, "")
    .replace(/^Before handing over,[^:]*:\s*/i, "")
    .trim();
}
