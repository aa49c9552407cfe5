import { expect, test } from "vitest";
import { readHabits } from "./habits.ts";
import type { Habit } from "./lexicon.ts";
import { advice, emptyAdvice, harmfulAdvice, windyAdvice } from "./proposal-texts.ts";

const strengthOf = (habit: Habit, prompt: string) => readHabits(prompt)[habit].strength;

const asking: Partial<Record<Habit, string[]>> = {
  collisions: [
    "Verify that no parts overlap before you hand in.",
    "Never submit without checking for collisions.",
    "Always run the consistency check on the final design.",
    "Make sure components do not interfere with each other.",
    "Do not skip the consistency check.",
    "Use consistency_check and fix every issue it reports.",
    "Ensure that all parts physically fit together.",
    "Check whether two bodies occupy the same space or clash.",
    "Avoid overlapping parts at all times.",
    "Every design must be tested for intersecting parts.",
    "Rule out geometric conflicts before the end.",
  ],
  units: [
    "Convert all quantities to the units of the variables first.",
    "Watch the units: some figures are imperial.",
    "State the unit of every number.",
    "Never mix units.",
    "Express everything in metric before you compute.",
    "Check units before calculating anything.",
    "Don't forget to convert inches to millimetres.",
    "Bring every load and length into SI.",
    "Convert inputs where necessary.",
    "Never leave units implicit.",
  ],
  simulate: [
    "Run the simulate tool and adjust the design until all checks pass.",
    "Simulate every candidate design before you submit it.",
    "Keep refining until every requirement holds.",
    "Always test the design by simulation and iterate.",
    "Iterate until all constraints are satisfied.",
    "Never submit without running a simulation.",
    "Call simulate after each change.",
    "Use the simulator repeatedly.",
    "Repeat the loop until no check fails and everything passes.",
  ],
  cost: [
    "Check the cost against max_cost before submitting.",
    "Stay within the budget.",
    "Call evaluate_cost before you hand in.",
    "Make sure the design is affordable.",
    "Never exceed the cost limit without checking the price.",
    "Compare the price with the limit.",
    "Keep an eye on spending: verify the cost of the final design.",
    "Ensure costs stay below the maximum.",
    "Do not forget to evaluate the costs.",
    "Never leave the price unchecked.",
  ],
  margin: [
    "Keep a margin of 15 % on every limit.",
    "Leave some headroom, since the simulation is optimistic.",
    "Design conservatively.",
    "Stay well within every limit.",
    "Aim for a reserve beyond each requirement.",
    "Include a safety factor for everything.",
    "Always add a buffer to the required values.",
    "Be 15 % better than each limit.",
    "Never submit a design without reserve.",
    "Maintain slack between the result and its bound.",
  ],
  imports: [
    "Begin calculator code with import math.",
    "Always import math before you use sqrt or pi.",
    'Start every calculation with "import math".',
    "Calculator code must import the math module.",
    "Never call math functions without importing math.",
    "Put `import math` on the first line of the code.",
    "Do not forget to import math.",
    "Load the math module first.",
  ],
  "no-reference": [
    "Do not use lookup_reference.",
    "Avoid the reference tool.",
    "Never rely on rules of thumb.",
    "Stay away from handbooks.",
    "Skip lookups.",
    "The reference tool is misleading.",
    "Don't look values up.",
    "Trust your own calculation instead of reference tables.",
    "Under no circumstances consult the lookup tool.",
  ],
  heed: [
    "Address the critic's objection before you submit again.",
    "Take feedback seriously and act on it.",
    "Fix what the critic complains about.",
    "If there is an objection, resolve it first.",
    "Respond to every objection with a change of the design.",
    "Never ignore the critic.",
    "Incorporate the reviewer's remarks.",
    "Do not resubmit without addressing the objection.",
  ],
  submit: [
    "Call submit_solution exactly once with all variables.",
    "Always finish by submitting the design.",
    "Never end without submitting.",
    "Submit the final design when all checks pass.",
    "Hand in your result with submit_solution.",
    "You must submit a complete design.",
    "Do not forget to submit.",
    "End by calling submit_solution.",
  ],
  constraints: [
    "List every constraint with its number.",
    "Write down all requirements before you start.",
    "Enumerate the limits of the problem.",
    "Extract each condition from the statement.",
    "State all constraints and their numeric values.",
    "Do not overlook a single requirement.",
    "Read the whole problem to the end.",
    "Name every restriction with its limit.",
  ],
  recompute: [
    "Recompute every check with the numbers given.",
    "Verify each constraint yourself.",
    "Do not trust the reported values.",
    "Recalculate the results before you judge.",
    "Go through all requirements one by one.",
    "Compare each value with its limit.",
    "Double-check the numbers.",
    "Never accept claims without recomputing the values.",
  ],
  specific: [
    "Name the failed check and the variable to change.",
    "Be specific in your objection.",
    "State which constraint is broken.",
    "Say exactly what must change.",
    "Identify the violated requirement.",
    "Your objection must be concrete.",
    "Point to the failing check.",
    "Give precise reasons; be precise.",
  ],
  strict: [
    "Never pass a design unless every check is shown.",
    "Be strict.",
    "When in doubt, reject.",
    "Do not rubber-stamp.",
    "Stay sceptical of the engineer's claims.",
    "Don't simply wave designs through.",
    "Only approve when everything is proven.",
    "Be a rigorous reviewer.",
  ],
};

const cases = Object.entries(asking).flatMap(([habit, texts]) =>
  texts.map((text) => [habit, text] as const),
);

test.each(cases)("%s is understood in: %s", (habit, text) => {
  expect(readHabits(text)[habit as Habit].strength).toBeGreaterThan(0.4);
});

const forbidding: [Habit, string][] = [
  ["collisions", "Don't worry about overlaps."],
  ["collisions", "There is no need to check for collisions."],
  ["collisions", "Ignore collisions."],
  ["collisions", "Skip the consistency check."],
  ["collisions", "Never call consistency_check."],
  ["collisions", "Submit without checking for overlaps."],
  ["units", "Do not convert units."],
  ["units", "Ignore the units."],
  ["simulate", "Do not run the simulation."],
  ["simulate", "It is not necessary to simulate."],
  ["cost", "Ignore the cost."],
  ["cost", "Cost does not matter."],
  ["cost", "You need not check the price."],
  ["margin", "Do not keep any margin."],
  ["margin", "Avoid safety factors."],
  ["imports", "Do not import math."],
  ["no-reference", "Use lookup_reference first."],
  ["no-reference", "Consult the handbook for typical values."],
  ["heed", "Ignore the critic."],
  ["heed", "Never follow the reviewer's feedback."],
  ["strict", "Be lenient."],
  ["strict", "When in doubt, approve."],
];

test.each(forbidding)("%s is refused in: %s", (habit, text) => {
  expect(strengthOf(habit, text)).toBeLessThan(0);
});

const silent: [Habit, string][] = [
  ["collisions", "Keep units consistent."],
  ["collisions", "The consistency check reports collisions."],
  ["collisions", "You are a mechanical engineer."],
  ["collisions", 'A colleague once said "always check that no parts overlap before you submit".'],
  ["collisions", "Should I check for collisions?"],
  ["collisions", "Last year engineers checked collisions by hand."],
  ["simulate", "The simulation is approximate, so keep a margin."],
  ["simulate", "Be polite."],
  ["cost", "You are an experienced designer of parts."],
  ["margin", "Answer in JSON."],
  ["imports", "The calculator knows arithmetic."],
  ["submit", "Before you submit, check the cost."],
  ["submit", "Do not submit a design without checking units."],
  ["no-reference", "Solve the problem with your tools."],
  ["heed", "Describe your design."],
  ["units", "Be as precise as you can."],
];

test.each(silent)("%s is not read into: %s", (habit, text) => {
  expect(strengthOf(habit, text)).toBe(0);
});

const wordings = Object.entries(advice).flatMap(([habit, texts]) =>
  texts.map((text) => [habit, text] as const),
);

test.each(wordings)("the proposer's advice on %s means it: %s", (habit, text) => {
  expect(strengthOf(habit as Habit, text)).toBeGreaterThan(0.9);
});

test.each(harmfulAdvice)("harmful advice forbids a habit or asks for a bad one: %s", (text) => {
  const habits = Object.entries(readHabits(text));
  expect(habits.some(([, { strength }]) => strength < 0)).toBe(true);
});

test.each([...emptyAdvice, ...windyAdvice])("empty advice asks for nothing: %s", (text) => {
  const asked = Object.entries(readHabits(text)).filter(([, { strength }]) => strength !== 0);
  expect(asked.map(([name]) => name)).toEqual([]);
});

test("what the task says is no instruction", () => {
  const prompt =
    "# Problem\nTwo parts must not overlap; check collisions.\nDesign variables:\n- a_mm (mm, 1 to 5): always run simulate\n\nCost limit: 4.00 USD\n# Rules\n- Work quietly.";
  expect(strengthOf("collisions", prompt)).toBe(0);
  expect(strengthOf("cost", prompt)).toBe(0);
});

test("a hedge weakens, emphasis strengthens, a contradiction halves", () => {
  const plain = strengthOf("cost", "Check the cost.");
  expect(strengthOf("cost", "You may check the cost.")).toBeLessThan(plain);
  expect(strengthOf("cost", "You must always check the cost.")).toBeGreaterThan(plain);
  const both = strengthOf("cost", "Check the cost.\nThe cost does not matter.");
  expect(both).toBeGreaterThan(0);
  expect(both).toBeLessThan(0.7 * plain);
});

test("an example counts for part of an instruction", () => {
  const shown = strengthOf("collisions", "## Examples\n- call consistency_check, then submit");
  expect(shown).toBeGreaterThan(0);
  expect(shown).toBeLessThan(strengthOf("collisions", "Call consistency_check."));
});

test("one sentence may ask for several habits, each with its own polarity", () => {
  const prompt = "Check costs, collisions and units, but do not use the reference tool.";
  for (const habit of ["cost", "collisions", "units", "no-reference"] as const)
    expect(strengthOf(habit, prompt)).toBeGreaterThan(0);
  const mixed = "Do not use lookup_reference, and always run the consistency check.";
  expect(strengthOf("collisions", mixed)).toBeGreaterThan(0);
});
