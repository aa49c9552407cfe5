import fc from "fast-check";
import { expect, test } from "vitest";
import { groupOf, normalizedInput } from "./input-groups.ts";

test("inputs that differ in case, white space, final punctuation or Unicode form are one group", () => {
  const same = [
    [
      "What is the capital of France?",
      "  what is\tthe  CAPITAL of france ",
      "What is the capital of France ?!",
    ],
    ["Straße", "STRASSE", "stra\u1E9Ee"],
    ["Wie heißt du?", "WIE HEISST DU"],
    ["e\u0301te\u0301", "\u00E9t\u00E9."],
    ["ΟΔΟΣ", "οδος", "οδοσ;"],
    ["ﬁne １２", "fine 12"],
    ["你好吗？", "你好吗。", "你好吗"],
    ["भारत की राजधानी क्या है?", "भारत की राजधानी क्या है।"],
    ["ما هو؟", "ما هو"],
    ["soft\u00ADhyphen\u200B", "softhyphen"],
    ["line\u0085break", "line break", "line\r\nbreak"],
    ["Go on…", "go on", "Go on..."],
  ];
  for (const group of same) expect(new Set(group.map(groupOf)).size, group[0]).toBe(1);
});

test("inputs that ask something else are groups of their own", () => {
  const texts = [
    "What is 2 + 2?",
    "What is 2 - 2?",
    "What is 22?",
    "Is C a language?",
    "Is C# a language?",
    "Name a language: C",
    "Name a language: C#",
    "Which letter is this: e",
    "Which letter is this: \u00E9",
    "?",
    "!",
    "50",
    "50%",
    '{"id":"beam-01"}',
    '{"id":"beam-02"}',
  ];
  expect(new Set(texts.map(groupOf)).size).toBe(texts.length);
});

test("normalizing twice is normalizing once, for every character that has case or a form", () => {
  const changed: string[] = [];
  for (let point = 1; point < 0x2_0000; point++) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const text = `a${String.fromCodePoint(point)}b`;
    const once = normalizedInput(text);
    const forms = [text.toUpperCase(), text.toLowerCase(), text.normalize("NFD"), once];
    if (forms.some((form) => normalizedInput(form) !== once)) changed.push(point.toString(16));
  }
  expect(changed).toEqual([]);
});

test("any text has a group, which white space around it and punctuation after it leave alone", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.constantFrom(".", "?!", "。", " ؟ "),
      (text, end) => {
        const given = `x${text}x`;
        expect(groupOf(`\n ${given}${end} `)).toBe(groupOf(given));
      },
    ),
  );
});

test("a long run of punctuation within or at the end of an input takes no noticeable time", () => {
  const dots = ". ".repeat(50_000);
  const started = performance.now();
  expect(normalizedInput(`a${dots}b${dots}`)).toBe(`a${dots}b`);
  expect(performance.now() - started).toBeLessThan(5_000);
});
