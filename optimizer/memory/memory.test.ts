import { expect, test } from "vitest";
import { promptParameters } from "#lib/domain/prompt.ts";
import { differenceOf } from "#lib/genome/difference.ts";
import type { Measurement } from "../measurement.ts";
import type { Birth } from "./birth.ts";
import { nearDuplicate } from "./near-duplicates.ts";
import { effectOf, lostEdits, nearestRejected, type RejectedEdit } from "./rejected-edits.ts";

const filler = Array.from({ length: 40 }, (_, i) => `- Rule number ${i} about topic ${i}.`).join(
  "\n",
);
const genome = (content: string, temperature = 0.5, tools: string[] = []) => ({
  content,
  parameters: promptParameters.parse({ temperature }),
  tools,
});
const parent = genome(`${filler}\n`);
const added = (line: string) => genome(`${filler}\n- ${line}\n`);

test("the same edit in the same words is a near-duplicate, whatever marks and case it has", () => {
  const known = [{ genome: added("Check each unit twice before you submit.") }];
  const child = added("check each unit TWICE, before you submit!");
  expect(nearDuplicate(child, parent, known)).toBe(known[0]);
});

test("two different edits of one long prompt are no duplicates although nearly all words agree", () => {
  const known = [{ genome: added("Check each unit twice.") }, { genome: parent }];
  expect(nearDuplicate(added("Never exceed the cost limit."), parent, known)).toBeNull();
});

test("the same text with other settings is another prompt; with the same settings it is a duplicate", () => {
  expect(
    nearDuplicate(genome("a", 0.7), genome("a", 0.5), [{ genome: genome("a", 0.5) }]),
  ).toBeNull();
  expect(
    nearDuplicate(genome("a", 0.7), genome("a"), [{ genome: genome("a", 0.7) }]),
  ).not.toBeNull();
  expect(nearDuplicate(genome("a", 0.5, ["t"]), genome("a"), [{ genome: genome("a") }])).toBeNull();
});

test("a new order of the same words is judged by its text, not by its words", () => {
  const reordered = genome("two\none\n");
  expect(
    nearDuplicate(reordered, genome("one\ntwo\n"), [{ genome: genome("one\ntwo\n") }]),
  ).toBeNull();
});

const trial = (benchmarkId: string, repeat: number, success: boolean): Measurement => ({
  promptId: "p",
  benchmarkId,
  repeat,
  success,
  score: 0,
  costUsd: 0,
  latencyMs: 0,
});

test("an effect is taken over the trials that both ran, benchmark by benchmark", () => {
  const before = [
    trial("a", 0, false),
    trial("a", 1, false),
    trial("b", 0, true),
    trial("c", 0, true),
  ];
  const after = [
    trial("a", 0, true),
    trial("a", 1, false),
    trial("b", 0, false),
    trial("d", 0, true),
  ];
  expect(effectOf(after, before)).toMatchObject({ value: -0.25, n: 2 });
  expect(effectOf([trial("d", 0, true)], before)).toBeNull();
});

const birth = (id: string, intent: string): Birth => ({
  id,
  operator: "add-instruction",
  aim: "success",
  parentIds: ["parent"],
  intent,
  signature: "cost",
  section: null,
  difference: { added: [], removed: [], settings: [] },
  costUsd: 0,
});

test("only edits that were measured, did not help and are gone are remembered as lost", () => {
  const births = [
    birth("lost", "A"),
    birth("kept", "B"),
    birth("better", "C"),
    birth("unmeasured", "D"),
  ];
  const measurements = new Map([
    ["parent", [trial("a", 0, false), trial("b", 0, true)]],
    ["lost", [trial("a", 0, false), trial("b", 0, false)]],
    ["kept", [trial("a", 0, false), trial("b", 0, false)]],
    ["better", [trial("a", 0, true), trial("b", 0, true)]],
  ]);
  const lost = lostEdits(births, new Set(["kept"]), measurements);
  expect(lost.map(({ intent }) => intent)).toEqual(["A"]);
  expect(lost[0]?.effect?.value).toBe(-0.5);
});

test("the proposer sees the ten nearest, those against the same failure first, each with its effect", () => {
  const edit = (intent: string, signature: string): RejectedEdit => ({
    parentId: "p",
    section: null,
    signature,
    intent,
    effect: { value: -0.1, low: -0.3, high: 0.1, n: 5 },
    refusal: null,
  });
  const edits = [
    ...Array.from({ length: 12 }, (_, i) => edit(`Unrelated ${i}`, "other")),
    edit("Add a sentence on colours", "cost"),
    edit("Keep the total cost below the limit", "other"),
  ];
  const lines = nearestRejected(edits, {
    signature: "cost",
    section: null,
    text: "the cost limit was exceeded",
  });
  expect(lines).toHaveLength(10);
  expect(lines.slice(0, 2).join()).toContain("colours");
  expect(lines.slice(0, 2).join()).toContain("total cost");
  expect(lines[0]).toContain("−0.10, 95 % interval −0.30 to +0.10");
});

test("a difference names added and removed lines and changed settings, not lines that moved", () => {
  const before = genome("one\ntwo\nthree\n", 0.5, ["a", "b"]);
  const after = genome("two\none\nfour\nfour\n", 0.7, ["a"]);
  expect(differenceOf(before, after)).toEqual({
    added: ["four", "four"],
    removed: ["three"],
    settings: [
      { name: "temperature", from: "0.5", to: "0.7" },
      { name: "tools", from: "a, b", to: "a" },
    ],
  });
});
