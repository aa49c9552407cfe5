/** How the engineer ends its turn, and what it reports about the work. */
import { keepsMargin, nextDesign, reserveMissing } from "./engineer-design.ts";
import {
  attended,
  costAnswerOf,
  type Engineer,
  issuesAnswerOf,
  simulations,
  usesOf,
} from "./engineer-state.ts";
import { calls, type Reply, says } from "./reply.ts";
import { reserveOf } from "./solver.ts";
import { type Thought, think } from "./thoughts.ts";

/** Submits the current design, or forgets to. */
export function submitOrStop(engineer: Engineer): Reply {
  const design = nextDesign(engineer);
  const omitted = omissions(engineer);
  if (!engineer.habits.submit || !engineer.tools.includes("submit_solution")) {
    const values = Object.entries(design).map(([name, value]) => `${name} = ${value}`);
    const closing = think(engineer, "stop", "forgetSubmission");
    return says(`${values.join(", ")}. ${closing}`);
  }
  const { otherUnit } = engineer.statement;
  const units = engineer.habits.units && otherUnit !== null ? { units: otherUnit.from } : {};
  const closing: Thought = omitted.length === 0 ? "submitCareful" : "submit";
  const shown = engineer.draws("omissions").shuffle(omitted).slice(0, 2);
  const thought = think(engineer, "submit", ...shown, closing);
  return calls(thought, "submit_solution", { design, ...units, notes: report(engineer) });
}

/** What was left out, as the engineer would say it. */
function omissions(engineer: Engineer): Thought[] {
  const { habits, statement } = engineer;
  const trials = simulations(engineer);
  const last = trials.at(-1);
  const usedReference = usesOf(engineer, "lookup_reference").length > 0;
  const isUnchecked = (tool: string) => usesOf(engineer, tool).length === 0;
  const overlooked =
    last !== undefined && attended(engineer, last.checks).length < last.checks.length;
  const found: (Thought | null)[] = [
    trials.length === 0 ? (usedReference ? "trustReference" : "skipSimulation") : null,
    last !== undefined && !habits.simulate && reserveMissing(engineer, last) === "limit"
      ? "skipIteration"
      : null,
    isUnchecked("consistency_check") ? "skipConsistency" : null,
    isUnchecked("evaluate_cost") ? "skipCost" : null,
    last !== undefined && !keepsMargin(engineer) ? "skipMargin" : null,
    statement.otherUnit !== null && !habits.units ? "skipUnits" : null,
    overlooked && statement.late.length > 0 && !habits.constraints ? "overlookLate" : null,
    failedCalculation(engineer) ? "mentalArithmetic" : null,
  ];
  return found.filter((thought) => thought !== null);
}

/** Notes for the critic: what was simulated and checked, with figures. */
function report(engineer: Engineer): string {
  const last = simulations(engineer).at(-1);
  const reserves = last === undefined ? [] : attended(engineer, last.checks).map(reserveOf);
  const lowest = Math.min(...reserves);
  const cost = costAnswerOf(usesOf(engineer, "evaluate_cost").at(-1));
  const consistency = issuesAnswerOf(usesOf(engineer, "consistency_check").at(-1));
  return [
    last === undefined || reserves.length === 0
      ? "Not simulated."
      : `Simulated: lowest reserve ${Math.round((Math.exp(lowest) - 1) * 100)} % over ${reserves.length} of ${last.checks.length} checks.`,
    consistency === null
      ? "Consistency not checked."
      : `Consistency check: ${consistency.consistent ? "clean" : `${consistency.issues.length} issues`}.`,
    cost === null
      ? "Cost not evaluated."
      : `Cost evaluated: ${cost.costUsd.toFixed(2)} of ${cost.maxCostUsd.toFixed(2)} USD.`,
  ].join(" ");
}

function failedCalculation(engineer: Engineer): boolean {
  const last = usesOf(engineer, "calculator").at(-1)?.result;
  return typeof last === "object" && last !== null && "error" in last;
}
