import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { header, trailer } from "./knowledge/lines.ts";
import { recordTypes } from "./knowledge/record-types.ts";
import { readPrompty } from "./prompts/read-prompty.ts";
import { readYamlPrompts } from "./prompts/read-yaml.ts";

const page = readFileSync(path.join(import.meta.dirname, "../../docs/import-export.md"), "utf8");

function blocksOf(language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(
    ([, block = ""]) => block,
  );
}

test("each YAML example is read as the page says", () => {
  const read = blocksOf("yaml").map((block) => readYamlPrompts("prompts.yaml", block));
  expect(read.flatMap(({ faults }) => faults)).toEqual([]);
  expect(
    read.map(({ prompts }) =>
      prompts.map(({ agentType, version, production }) => [agentType, version, production]),
    ),
  ).toEqual([
    [
      ["planner", null, true],
      ["critic", null, true],
    ],
    [["engineer", "1.4.0", true]],
    [
      ["engineer", "1.0.0", false],
      ["engineer", "1.1.0", true],
      ["critic", "1.0.0", false],
      ["critic", "2.0.0", true],
    ],
  ]);
});

test("the Prompty example is read as the page says", () => {
  const [block = ""] = blocksOf("prompty");
  const { prompts, faults, leftOut } = readPrompty("answer.prompty", block, "engineer");
  expect(faults).toEqual([]);
  expect(prompts).toMatchObject([
    {
      message: "Design engineer: Solves design tasks (by ann)",
      parameters: { maxOutputTokens: 900, temperature: 0.2 },
      content: expect.stringMatching(/^system:\n.*\n\nuser:\n/),
    },
  ]);
  expect(leftOut.map(({ message }) => message.split(" ")[0])).toEqual([
    "model.configuration",
    "sample",
  ]);
});

test("the example of an export is one", () => {
  const [head = "", row = "", last = ""] = (blocksOf("jsonl")[0] ?? "").trimEnd().split("\n");
  expect(header.safeParse(JSON.parse(head)).success).toBe(true);
  const tag = recordTypes.find(({ type }) => type === "tag");
  expect(tag?.schema.safeParse(JSON.parse(row)).error).toBeUndefined();
  const sha256 = createHash("sha256").update(`${row}\n`).digest("hex");
  expect(trailer.parse(JSON.parse(last))).toEqual({ type: "end", lines: 1, sha256 });
});

test("the page names every type of line in the order of the file", () => {
  const named = [...page.matchAll(/^\| `([a-z-]+)` \| (?:an?|where|the|one|what|money|who) /gm)];
  expect(named.map(([, type]) => type)).toEqual(recordTypes.map(({ type }) => type));
});
