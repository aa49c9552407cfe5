import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { noCommands } from "#lib/graders/command-list.ts";
import { gradeAnswer } from "#lib/harness/graders.ts";
import { gradeAnswers } from "#lib/suites/grade-answers.ts";
import { parseSuite, readSuite } from "#lib/suites/parse-suite.ts";
import { splitRows } from "../bench/local-model/rows.ts";

// Other people's rows stay out of the repository: beside it where there are any, and said aloud where not.
const folder = path.join(
  path.dirname(fileURLToPath(import.meta.url)),
  "../../shared/fixtures/evoprompt",
);
const tasks = ["sst2", "trec", "agnews"].filter((task) => existsSync(fileOf(task)));
const absent = tasks.length === 0;
const title = (guarantee: string) =>
  absent ? `${guarantee} (not run: no real rows at ../shared/fixtures/evoprompt)` : guarantee;

function fileOf(task: string): string {
  return path.join(folder, `${task}.dev.jsonl`);
}

const madeUp = Array.from({ length: 60 }, (_, i) =>
  JSON.stringify({
    id: `row-${i}`,
    // Every tenth text stands twice.
    input: `sentence ${i % 10 === 9 ? i - 1 : i}`,
    expected: i % 2 === 0 ? "yes" : "no",
    labels: ["yes", "no"],
  }),
).join("\n");

test.skipIf(absent)(
  title("every row of the real suites is imported and its own answer is right"),
  async () => {
    for (const task of tasks) {
      const { benchmarks, errors } = parseSuite(readFileSync(fileOf(task), "utf8"));
      expect(errors).toEqual([]);
      expect(benchmarks.length).toBeGreaterThan(100);
      for (const benchmark of benchmarks) {
        const judged = { ...benchmark, id: benchmark.externalId, contentHash: "" };
        expect((await gradeAnswer(` ${benchmark.expected}.`, judged)).score).toBe(1);
        expect((await gradeAnswer("I cannot tell.", judged)).failure?.signature).toBe(
          "wrong-answer/no-label",
        );
      }
    }
  },
);

test.skipIf(absent)(
  title("500 real examples are imported and graded, and every bad line among them is named"),
  async () => {
    for (const task of tasks) {
      const rows = readFileSync(fileOf(task), "utf8").trim().split("\n");
      expect(rows).toHaveLength(500);
      const bad = [...rows];
      bad[16] = "{not json";
      bad[250] = rows[3] ?? "";
      bad[499] = '{"id": "last", "input": "x", "grader": {"kind": "regex", "pattern": "("}}';
      const refused = await readSuite(bad.join("\n"), noCommands);
      expect(refused.errors.map(({ line }) => line)).toEqual([17, 251, 500]);
      const { benchmarks } = await readSuite(rows.join("\n"), noCommands);
      // Always the first label: what is graded is the grading, not a model.
      const answers = new Map(
        benchmarks.map(({ externalId, labels }) => [externalId, `Answer: ${labels?.[0]}.`]),
      );
      const graded = await gradeAnswers(benchmarks, answers, {});
      const first = benchmarks.filter(({ expected, labels }) => expected === labels?.[0]).length;
      expect(graded.success).toMatchObject({ n: 500, value: first / 500 });
      expect(graded.failures).toHaveLength(500 - first);
    }
  },
);

test("rows kept aside share neither id nor text with the rows that are searched on", () => {
  const texts = [madeUp, ...tasks.map((task) => readFileSync(fileOf(task), "utf8"))];
  for (const text of texts) {
    const { searchLines, test: kept } = splitRows(text, 30);
    const searched = parseSuite(searchLines.join("\n")).benchmarks;
    expect(kept).toHaveLength(30);
    const ids = new Set(searched.map(({ externalId }) => externalId));
    const inputs = new Set(searched.map(({ input }) => input.trim()));
    expect(kept.filter(({ id, input }) => ids.has(id) || inputs.has(input.trim()))).toEqual([]);
  }
});

test("the split is the same each time and refuses to keep too much aside", () => {
  expect(splitRows(madeUp, 20)).toEqual(splitRows(madeUp, 20));
  expect(() => splitRows(madeUp, 55)).toThrow("too few");
  expect(() => splitRows("not a row", 1)).toThrow("bad row");
});
