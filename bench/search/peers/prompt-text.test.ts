import { expect, test } from "vitest";
import { contentHash } from "#lib/content-hash.ts";
import { shownAnswers } from "#lib/genome/examples.ts";
import { makeLabelWorld } from "../label-world/make-label-world.ts";
import { genomeOf, textOf, withRows } from "./prompt-text.ts";

const world = makeLabelWorld({ seed: 1 });

test("a prompt and its settings survive the way through one text", () => {
  const parameters = { ...world.start.parameters, model: "world:light", temperature: 0.2 };
  const genome = { ...world.start, parameters };
  expect(contentHash(genomeOf(textOf(genome), world.start))).toBe(contentHash(genome));
  expect(contentHash(genomeOf(textOf(world.start), world.start))).toBe(contentHash(world.start));
});

test("a text without settings has the start's", () => {
  const genome = genomeOf("system:\nPut it under a label.\nuser:\n{{ input }}", world.start);
  expect(genome.parameters).toEqual(world.start.parameters);
});

test("rows become examples once, however often they are added", () => {
  const rows = world.rows.slice(0, 2);
  const genome = withRows(withRows(world.start, rows), rows);
  expect(shownAnswers(genome.content)).toEqual(rows.map(({ expected }) => expected));
});
