import { expect, test } from "vitest";
import type { AnswersToLabel } from "#lib/judges/answers-to-label.ts";
import { labelOneByOne } from "./label-one-by-one.ts";

const found: AnswersToLabel = {
  labelled: 2,
  answers: ["a", "b", "c", "d"].map((id) => ({
    id,
    question: { task: `Task ${id}`, expected: "Lima", rubrics: ["Names the city."] },
    answer: `Answer ${id}\u001b[2J`,
  })),
};

/** What a person who replies like this leaves: the labels, and what stood on the terminal. */
async function talk(replies: readonly string[], limit = 50) {
  const saved: [string, boolean][] = [];
  let shown = "";
  const rest = [...replies];
  const kept = await labelOneByOne(found, {
    limit,
    ask: async () => rest.shift() ?? "q",
    write: (text) => {
      shown += text;
    },
    save: async ({ id, pass }) => {
      saved.push([id, pass]);
    },
  });
  return { saved, shown, kept };
}

test("each reply is kept at once, skipped answers are not, and quitting ends it", async () => {
  expect(await talk(["p", "s", "FAIL", "q"])).toMatchObject({
    kept: 2,
    saved: [
      ["a", true],
      ["c", false],
    ],
  });
});

test("a person sees what the judge sees, and nothing that could rewrite the screen", async () => {
  const { shown } = await talk(["q"]);
  for (const text of ["Task a", "Lima", "Names the city.", "Answer a"])
    expect(shown).toContain(text);
  expect(shown).not.toContain("\u001b");
  expect(shown).toContain("4 answers to label, 2 labelled before");
});

test("a reply that is none is asked for again, and never taken as a label", async () => {
  expect((await talk(["x", "", "pp", "f"])).saved).toEqual([["a", false]]);
  expect((await talk(Array.from({ length: 9 }, () => "?"))).saved).toEqual([]);
});

test("no more answers are asked about than wanted", async () => {
  expect((await talk(["p", "p", "p", "p"], 2)).kept).toBe(2);
});
