/** What the engineer says beside its tool calls: short, natural, and honest about what it leaves out. */
import type { Draws } from "../../random.ts";
import type { Habit } from "./lexicon.ts";

const phrases = {
  reference: [
    "Let me see what the handbooks say about typical values here.",
    "I will look up some reference values first to get a feeling for the sizes.",
    "Typical figures from a reference should be a good starting point.",
  ],
  calculate: [
    "A quick calculation gives me the order of magnitude.",
    "Let me work the key relation out first.",
    "I compute a rough figure before I choose values.",
  ],
  recalculate: [
    "The calculator needs the math import; I repeat the calculation with it.",
    "NameError: I forgot the import. Once more, properly.",
  ],
  simulateFirst: [
    "I start with this design and see what the simulation says.",
    "First guess from experience; the simulation will show what is missing.",
    "Let me simulate an initial design.",
  ],
  simulateAgain: [
    "Some checks are short of what I want, I change the variables that help and simulate again.",
    "Not there yet. I follow the hints and try the next design.",
    "Adjusting in the direction the checks ask for.",
  ],
  simulateForReserve: [
    "All checks hold, but with too little reserve for a first-order model; I move further from the limits.",
    "The limits are met only just. The model is optimistic, so I add margin.",
  ],
  consistency: [
    "Before handing in I check that nothing collides and all values are within their ranges.",
    "Now the consistency check: collisions, ranges, missing values.",
  ],
  consistencyAgain: [
    "I applied the suggested correction and check the consistency again.",
    "The issue should be gone now; checking once more.",
  ],
  cost: ["Let me compare the cost with the limit.", "Now, what does this cost?"],
  costAgain: [
    "Too expensive: I reduce what drives the cost and look again.",
    "Over the cost limit, so I trim the cost drivers.",
  ],
  skipSimulation: [
    "I am confident in these values from experience, so I submit without simulating.",
    "This looks like a standard case; no need to run the simulation.",
  ],
  skipIteration: [
    "The simulation shows what to change; I adjust once and submit without simulating again.",
    "A small correction will do, I do not simulate it again.",
  ],
  skipConsistency: [
    "The parts should fit together, I submit without checking for collisions.",
    "I am confident enough about the geometry to skip the consistency check.",
  ],
  skipCost: [
    "Cost should be fine, I did not evaluate it.",
    "I assume the cost is within the limit and do not check it.",
  ],
  skipMargin: [
    "All checks are satisfied, that is good enough without extra margin.",
    "The simulated values meet the limits just so; I leave it at that.",
  ],
  skipUnits: [
    "I hand in the numbers as the tools show them and do not think about units.",
    "Values as simulated; units should be clear.",
  ],
  overlookLate: [
    "I go by the list of requirements and skip the closing remarks.",
    "The listed requirements are what counts; I did not go through the notes after the list.",
  ],
  mentalArithmetic: [
    "The calculator failed (math is not defined), so I estimate that value by hand and take it as fine.",
    "math is not available in the calculator; I take one of the checks as satisfied by rule of thumb.",
  ],
  trustReference: [
    "The handbook values are proven, so I take them without further simulation.",
    "Experienced designers start from these figures and rarely change them, so I keep them.",
  ],
  submit: [
    "Submitting the design.",
    "I hand in this design.",
    "The design is final, submitting it.",
  ],
  submitCareful: [
    "Every check I was asked for holds, submitting.",
    "All requirements hold with reserve; I submit this design.",
  ],
  forgetSubmission: [
    "The design is complete with the values above. Let me know if anything else is needed.",
    "These values solve the task, so my work here is finished.",
  ],
  ignoreObjection: [
    "I have read the objection but stand by my design; it is fine as submitted.",
    "The critic is too cautious here, I keep the design as it is.",
  ],
  heedObjection: [
    "The critic objects; I take that up before I submit again.",
    "I address the objection first.",
  ],
} as const satisfies Record<string, readonly string[]>;

export type Thought = keyof typeof phrases;

const steps = [
  "Step by step, so that one effect at a time stays visible.",
  "One thing at a time: I change little and look at the result.",
  "I go in small steps and keep what works.",
];

interface Speaker {
  habits: Pick<Record<Habit, boolean>, "concise" | "stepwise">;
  draws(purpose: string): Draws;
}

/** One or several thoughts as a text: the terse say the first only, the methodical say how they go about it. */
export function think(
  { habits, draws }: Speaker,
  purpose: string,
  ...thoughts: readonly Thought[]
): string {
  const own = draws(purpose);
  const spoken = thoughts.map((thought) => own.pick<string>(phrases[thought]));
  if (habits.concise) return spoken[0] ?? "";
  return [...spoken, ...(habits.stepwise ? [own.pick(steps)] : [])].join(" ");
}
