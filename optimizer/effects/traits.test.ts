import { expect, test } from "vitest";
import { promptParameters } from "#lib/domain/prompt.ts";
import { withExample } from "#lib/genome/examples.ts";
import { exampleTrait, instructionTrait, traitDifference, traitsOf } from "./traits.ts";

const content = `system:
You answer.
- Be brief.
- Name the units.
user:
{{ input }}
`;
const genome = (text = content, parameters = {}, tools: string[] = []) => ({
  content: text,
  parameters: promptParameters.parse(parameters),
  tools,
});
const between = (own: ReturnType<typeof genome>, today = genome()) =>
  traitDifference(traitsOf(own), traitsOf(today));

test("an instruction more and one less are one trait each, whatever their case and white space", () => {
  const edited = content
    .replace("- Be brief.\n", "")
    .replace("units.", "units.\n-  Check   TWICE.");
  expect(between(genome(edited))).toEqual({
    gained: [instructionTrait("check twice.")],
    lost: [instructionTrait("Be brief.")],
  });
  expect(between(genome(content.replace("Be brief", "BE  brief")))).toEqual({
    gained: [],
    lost: [],
  });
});

test("an example is a trait, and so is showing any; the trait is the same by its parts", () => {
  const example = { benchmarkId: "b", group: "g", input: "What is it?", answer: "a bracket" };
  const { gained, lost } = between(genome(withExample(content, example)));
  expect(lost).toEqual([]);
  expect(gained).toHaveLength(2);
  expect(gained).toContain(exampleTrait(example));
});

test("a setting and a tool are traits, and a model that is not set is one too", () => {
  const { gained, lost } = between(genome(content, { model: "small", temperature: 0 }, ["look"]));
  expect(gained.toSorted()).toEqual(["model small", "setting temperature 0", "tool look"]);
  expect(lost.toSorted()).toEqual(["model default", "setting temperature 0.7"]);
});
