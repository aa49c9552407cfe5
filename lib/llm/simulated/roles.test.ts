import { expect, test } from "vitest";
import type { Conversation } from "./conversation.ts";
import { findObjection } from "./objection.ts";
import { respond } from "./respond.ts";
import { roleOf } from "./role.ts";
import { findStatement } from "./statement.ts";
import { abilities } from "./variants.ts";

const task = `A bracket carries 450 N.

Design variables:
- width_mm (mm, 10 to 90): width
- teeth (teeth, 12 to 40, whole number): teeth

Requirements:
- The stress stays at or below 32.6 MPa.
- It sinks by 0.97 mm at most.

Cost limit: 91.59 USD

Before handing over, note what the customer added: it is 120 mm long at most.
The shop works in in: a submission without units is read in in (1 in = 25.4 mm).
Every requirement is tested.`;

function conversation(system: string, overrides: Partial<Conversation> = {}): Conversation {
  return { system, turns: [], exchanges: [], tools: [], size: system, ...overrides };
}

const replyTo = (asked: Conversation, seed = 1) =>
  respond(asked, { seed, temperature: 0.2, ability: abilities.standard });
const textOf = (system: string, seed = 1) => replyTo(conversation(system), seed).text;
const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const shareOf = (holds: (seed: number) => boolean) => seeds.filter(holds).length / seeds.length;

test("a statement is understood: ranges, limits, late requirement, cost and the other unit", () => {
  const read = findStatement(`# Rules\n- Be good.\n\n# Task\n\n${task}\n\n# Plan\n\nNone.`);
  expect(read?.text).toBe(task);
  expect(read?.variables).toEqual([
    { name: "width_mm", unit: "mm", min: 10, max: 90, whole: false },
    { name: "teeth", unit: "teeth", min: 12, max: 40, whole: true },
  ]);
  expect(read?.requirements).toHaveLength(2);
  expect(read?.late).toEqual([expect.stringContaining("120 mm")]);
  expect(read?.costLimitUsd).toBe(91.59);
  expect(read?.otherUnit).toEqual({ unit: "in", from: "mm" });
  expect(findStatement("Design variables: none today.")).toBeNull();
});

test("the role follows from what is asked and which tools there are", () => {
  expect(roleOf(conversation(`Solve this.\n\n${task}`, { tools: ["submit_solution"] }))).toBe(
    "engineer",
  );
  expect(roleOf(conversation(`You are the critic. Give a verdict.\n\n${task}`))).toBe("critic");
  expect(roleOf(conversation(`Write a plan for the engineer.\n\n${task}`))).toBe("planner");
  expect(roleOf(conversation("Positive or negative? Great film."))).toBe("answer");
  expect(roleOf(conversation("Improve it.\n<current_prompt>\nx\n</current_prompt>"))).toBe(
    "rewrite",
  );
});

test("a planner that is told to lists every limit, one that is not leaves some out", () => {
  const limits = ["32.6", "0.97", "120", "91.59"];
  const complete = (rules: string) => (seed: number) => {
    const plan = textOf(`You are the planner.\n- ${rules}\n\n${task}`, seed);
    return limits.every((limit) => plan.includes(limit));
  };
  expect(shareOf(complete("List every requirement with its number."))).toBeGreaterThan(0.9);
  expect(shareOf(complete("Be friendly."))).toBeLessThan(0.5);
});

const report = (notes: string, units: string | null = "mm") =>
  JSON.stringify({
    design: { width_mm: 40, teeth: 20 },
    values: { width_mm: 40, teeth: 20 },
    units,
    notes,
  });
const goodNotes =
  "Simulated: lowest reserve 17 % over 3 of 3 checks. Consistency check: clean. Cost evaluated: 80.00 of 91.59 USD.";

function fails(rules: string, design: string) {
  return (seed: number) =>
    textOf(`You are the critic.\n${rules}\n\n${task}\n\n## Design\n\n${design}\n`, seed).startsWith(
      "VERDICT: fail",
    );
}

test("a critic objects to what it was told to look at and passes clean work", () => {
  const rules =
    "- Recompute every value.\n- Check the cost.\n- Check for collisions.\n- Check units.";
  expect(shareOf(fails(rules, report(goodNotes)))).toBeLessThan(0.12);
  const flaws = [
    report(goodNotes.replace("17 %", "2 %")),
    report(goodNotes.replace("80.00", "99.00")),
    report(goodNotes.replace("Consistency check: clean.", "Consistency check: 2 issues.")),
    report(goodNotes, null),
    "No design was submitted.",
  ];
  for (const flaw of flaws) expect(shareOf(fails(rules, flaw))).toBeGreaterThan(0.6);
  const overCost = report(goodNotes.replace("80.00", "99.00"));
  expect(shareOf(fails("- Be kind.", overCost))).toBeLessThan(0.5);
});

test("a strict critic fails more of the doubtful work than a plain one", () => {
  const doubtful = report(goodNotes.replace("17 %", "6 %"));
  const plain = shareOf(fails("- Recompute every value.", doubtful));
  const strict = shareOf(fails("- Recompute every value.\n- When in doubt, reject.", doubtful));
  expect(strict).toBeGreaterThan(plain);
});

test("a specific objection names the finding and the submitted values, a vague one does not", () => {
  const flaw = report(goodNotes.replace("80.00", "99.00"));
  const verdict = (rules: string) =>
    textOf(`You are the critic.\n- Always check the cost.\n${rules}\n\n${task}\n\n${flaw}`, 4);
  expect(verdict("- Name the failed check and the variable to change.")).toContain("width_mm = 40");
});

test("a critic asked for JSON answers in JSON", () => {
  const text = textOf(
    `You are the critic. Answer in JSON with pass and objection.\n\n${task}\n\n${report(goodNotes)}`,
  );
  expect(JSON.parse(text)).toHaveProperty("pass");
});

test("an objection is found with its values and taken out of the instructions", () => {
  const text =
    "# Rules\n- Design.\n\nObjection: Too dear: reduce the cost. (Submitted: a = 4.5, b = -2.)\n\n# Output\nNow.";
  const { objection, rest } = findObjection(text);
  expect(objection?.values).toEqual({ a: 4.5, b: -2 });
  expect(rest).not.toContain("reduce the cost");
  expect(findObjection("# Rules\n- Take every objection seriously.").objection).toBeNull();
});

test("a receptive engineer goes to work on an objection, another stands by its design", () => {
  const stands = (rule: string) => (seed: number) => {
    const system = `You are an engineer.\n- ${rule}\n\n${task}\n\nObjection: reduce the cost. (Submitted: width_mm = 50.)\n`;
    return (
      replyTo(conversation(system, { tools: ["simulate", "submit_solution"] }), seed).call === null
    );
  };
  expect(shareOf(stands("Address every objection before you submit again."))).toBeLessThan(0.1);
  expect(shareOf(stands("Design well."))).toBeGreaterThan(0.3);
});

test("labels are answered alone when the prompt asks for that, and better with examples", () => {
  const film = "a charming and delightful film , great fun";
  const classify = (rules: string) => (seed: number) =>
    textOf(`${rules}\nLabels: positive, negative\n\nText: ${film}`, seed) === "positive";
  const strict = shareOf(classify("Answer with the label only."));
  expect(strict).toBeGreaterThan(0.7);
  expect(shareOf(classify("Classify the text."))).toBeLessThan(strict);
  const shown =
    "Answer with the label only.\nText: a delightful charming story -> positive\nText: a dull mess -> negative\nText: great fun -> positive\nText: tedious and bad -> negative";
  expect(shareOf(classify(shown))).toBeGreaterThan(strict);
});
