import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { grader } from "#lib/domain/grader.ts";
import { closeBounded } from "#lib/graders/bounded.ts";
import { noCommands } from "#lib/graders/command-list.ts";
import { gradeAnswer } from "#lib/harness/graders.ts";
import { readSuite } from "#lib/suites/parse-suite.ts";

afterAll(closeBounded);

const guide = readFileSync(new URL("../docs/graders.md", import.meta.url), "utf8");
const blocks = (info: string) =>
  [...guide.matchAll(new RegExp(`^(\`{3,})${info}\\n([\\s\\S]*?)^\\1$`, "gm"))].map(
    (match) => match[2] ?? "",
  );
const example = z.strictObject({ id: z.string(), answer: z.string(), succeeds: z.boolean() });

test("every example of the graders' guide is imported and judged as the guide says", async () => {
  const suite = await readSuite(blocks("jsonl suite").join(""), noCommands);
  expect(suite.errors).toEqual([]);
  const answers = blocks("jsonl answers")
    .join("")
    .trim()
    .split("\n")
    .map((line) => example.parse(JSON.parse(line)));
  expect(answers.length).toBeGreaterThan(20);
  for (const { id, answer, succeeds } of answers) {
    const benchmark = suite.benchmarks.find(({ externalId }) => externalId === id);
    if (benchmark === undefined) throw new Error(`The guide has no benchmark ${id}.`);
    const { outcome, failure } = await gradeAnswer(answer, benchmark);
    expect(outcome, `${id}: ${answer} ${failure?.message}`).toBe(succeeds ? "success" : "failure");
  }
  const answered = new Set(answers.map(({ id }) => id));
  expect(suite.benchmarks.filter(({ externalId }) => !answered.has(externalId))).toEqual([]);
});

test("the guide has a section for each kind of grader", () => {
  const kinds = grader.options
    .map((option) => option.shape.kind.value)
    .filter((kind) => kind !== "workbench" && kind !== "combined");
  for (const kind of kinds) expect(guide).toContain(`\n## ${kind}\n`);
});
