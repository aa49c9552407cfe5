import { expect, test } from "vitest";
import { promptParameters } from "#lib/domain/prompt.ts";
import { withExample } from "#lib/genome/examples.ts";
import { piecesOf, type RecombineOptions, recombine } from "./recombine.ts";
import { exampleTrait, instructionTrait } from "./traits.ts";

const base = `system:
- Be brief.
- Answer {{ topic }} only.
user:
{{ input }}
`;
const genome = (content: string) => ({
  content,
  parameters: promptParameters.parse({}),
  tools: [],
});
const example = { benchmarkId: "b", group: "g", input: "What is it?", answer: "a bracket" };
const others = [
  { id: "units", genome: genome(base.replace("- Be", "- Name the units.\n- Be")) },
  { id: "shows", genome: genome(withExample(base, example)) },
];
const pieces = piecesOf(others, [example], []);

const mixed = (worth: Record<string, number>, changes: Partial<RecombineOptions> = {}) =>
  recombine(genome(base), {
    pieces,
    protectedTexts: [],
    worthOf: (trait) => worth[trait] ?? null,
    changesMax: 3,
    charactersMax: 1_000,
    ...changes,
  });
const [units, brief] = [instructionTrait("Name the units."), instructionTrait("Be brief.")];

test("what is worth something comes in, what harms goes out, and the donors are named", () => {
  const found = mixed({ [units]: 0.1, [brief]: -0.05, [exampleTrait(example)]: 0.02 });
  expect(found?.genome.content).toContain("- Name the units.");
  expect(found?.genome.content).toContain("a bracket");
  expect(found?.genome.content).not.toContain("Be brief");
  expect(found?.changed).toEqual([units, brief, exampleTrait(example)]);
  expect(found?.donorIds).toEqual(["units", "shows"]);
});

test("only the most promising changes are made, and none that promises nothing or that nobody tried", () => {
  const worth = { [units]: 0.1, [brief]: -0.05 };
  expect(mixed(worth, { changesMax: 1 })?.changed).toEqual([units]);
  expect(mixed({ [units]: 0.001, [brief]: 0.2 })).toBeNull();
  expect(mixed({})).toBeNull();
});

test("what is locked stays, and what would make the prompt too long is left out", () => {
  const locked = instructionTrait("Answer {{ topic }} only.");
  expect(mixed({ [locked]: -1 })).toBeNull();
  expect(mixed({ [units]: 0.1 }, { charactersMax: base.length })).toBeNull();
  expect(pieces.instructions.map(({ text }) => text)).not.toContain("Answer {{ topic }} only.");
});

test("an example that is shown and harms is dropped", () => {
  const shown = recombine(genome(withExample(base, example)), {
    pieces,
    protectedTexts: [],
    worthOf: (trait) => (trait === exampleTrait(example) ? -0.1 : null),
    changesMax: 3,
    charactersMax: 1_000,
  });
  expect(shown?.genome.content).toBe(base);
});
