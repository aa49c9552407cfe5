/**
 * The engineer at one step of its tool loop. It has no memory but the conversation: each step it looks at what its
 * tools answered, finds the first thing its habits want done, and does it; when nothing is left it submits.
 */

import { calculationCode, mathIsMissing } from "./engineer-calculation.ts";
import { costIsDoubtful, firstDesign, nextDesign, reserveMissing } from "./engineer-design.ts";
import {
  costAnswerOf,
  designOf,
  type Engineer,
  issuesAnswerOf,
  sameDesign,
  simulations,
  usesOf,
} from "./engineer-state.ts";
import { calls, type Reply, says } from "./reply.ts";
import { submitOrStop } from "./submission.ts";
import { think } from "./thoughts.ts";

const simulationsMax = 7;
const consistencyMax = 3;
const costMax = 4;
/** After so many calls the engineer hands in what it has. */
const patience = 10;

/** The engineer's next message. */
export function engineerStep(engineer: Engineer): Reply {
  const open = standBy(engineer);
  if (open !== null) return open;
  const next = engineer.exchanges.length < patience ? nextCall(engineer) : null;
  return next ?? submitOrStop(engineer);
}

function nextCall(engineer: Engineer): Reply | null {
  return (
    lookUp(engineer) ??
    calculate(engineer) ??
    simulateFirst(engineer) ??
    // The cost is looked at early and once more at the end: it pulls against the physics.
    checkCost(engineer, "early") ??
    simulateAgain(engineer) ??
    checkCost(engineer, "late") ??
    checkConsistency(engineer)
  );
}

function offers(engineer: Engineer, tool: string): boolean {
  return engineer.tools.includes(tool);
}

/** An engineer that is not receptive leaves its first submission as it is. */
function standBy(engineer: Engineer): Reply | null {
  if (engineer.objection === null || engineer.habits.heed || engineer.exchanges.length > 0)
    return null;
  return says(think(engineer, "stand by", "ignoreObjection"));
}

function lookUp(engineer: Engineer): Reply | null {
  if (engineer.habits["no-reference"] || !offers(engineer, "lookup_reference")) return null;
  if (engineer.exchanges.length > 0) return null;
  const words = engineer.statement.text.split(/\s+/).slice(0, 6).join(" ");
  const thought = think(engineer, "look up", "reference");
  return calls(thought, "lookup_reference", { query: `typical values: ${words}` });
}

/** Some reckon before they simulate; without the import the calculator refuses, and not everybody tries again. */
function calculate(engineer: Engineer): Reply | null {
  if (!offers(engineer, "calculator") || simulations(engineer).length > 0) return null;
  const done = usesOf(engineer, "calculator");
  const code = calculationCode(engineer);
  if (code === null) return null;
  const { imports } = engineer.habits;
  if (done.length === 0) {
    const thought = think(engineer, "calculate", "calculate");
    return calls(thought, "calculator", { code: imports ? `import math\n${code}` : code });
  }
  const again =
    done.length === 1 && mathIsMissing(done[0]) && engineer.draws("try again").chance(0.3);
  if (!again) return null;
  const thought = think(engineer, "calculate again", "recalculate");
  return calls(thought, "calculator", { code: `import math\n${code}` });
}

function simulateFirst(engineer: Engineer): Reply | null {
  if (!offers(engineer, "simulate") || usesOf(engineer, "simulate").length > 0) return null;
  if (!engineer.habits.simulate && engineer.draws("simulate at all").chance(0.35)) return null;
  const thought = think(engineer, "simulate", "simulateFirst");
  return calls(thought, "simulate", { design: firstDesign(engineer) });
}

/** Simulates until every check that it looks at has its reserve; the careless stop after one look. */
function simulateAgain(engineer: Engineer): Reply | null {
  const trials = simulations(engineer);
  const last = trials.at(-1);
  if (last === undefined || !engineer.habits.simulate || trials.length >= simulationsMax)
    return null;
  // The design moves on when a check is short, and when cost or consistency asked for a change.
  const next = nextDesign(engineer);
  if (sameDesign(next, last.values)) return null;
  const short =
    reserveMissing(engineer, last) === "reserve" ? "simulateForReserve" : "simulateAgain";
  const purpose = `simulate ${trials.length}`;
  return calls(think(engineer, purpose, short), "simulate", { design: next });
}

function checkConsistency(engineer: Engineer): Reply | null {
  if (!engineer.habits.collisions || !offers(engineer, "consistency_check")) return null;
  const done = usesOf(engineer, "consistency_check");
  const design = nextDesign(engineer);
  const last = done.at(-1);
  if (last === undefined) {
    const thought = think(engineer, "consistency", "consistency");
    return calls(thought, "consistency_check", { design });
  }
  if (done.length >= consistencyMax) return null;
  const changed = !sameDesign(designOf(last), design);
  if (!changed) return null;
  const isConsistent = issuesAnswerOf(last)?.consistent === true;
  const purpose = `consistency ${done.length}`;
  const thought = isConsistent ? "consistency" : "consistencyAgain";
  return calls(think(engineer, purpose, thought), "consistency_check", { design });
}

function checkCost(engineer: Engineer, when: "early" | "late"): Reply | null {
  if (!engineer.habits.cost || !offers(engineer, "evaluate_cost")) return null;
  const done = usesOf(engineer, "evaluate_cost");
  const last = done.at(-1);
  const simulated = simulations(engineer).at(-1);
  const isEarly =
    simulated !== undefined && (last === undefined || costIsDoubtful(engineer, simulated));
  if (when === "early" && !isEarly) return null;
  const design = isEarly ? simulated.values : nextDesign(engineer);
  if (last !== undefined && (done.length >= costMax || sameDesign(designOf(last), design)))
    return null;
  const thought = costAnswerOf(last)?.satisfied === false ? "costAgain" : "cost";
  const purpose = `cost ${done.length}`;
  return calls(think(engineer, purpose, thought), "evaluate_cost", { design });
}
