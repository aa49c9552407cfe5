import { expect, test } from "vitest";
import { readPrompty } from "./read-prompty.ts";

const read = (text: string) => readPrompty("a.prompty", text, "engineer");
const told = (faults: readonly { line: number; message: string }[]) =>
  faults.map(({ line, message }) => `${line}: ${message}`);

const whole = `---
name: Contoso
description: Answers customers
authors:
  - ann
  - ben
version: 1.2.0
model:
  api: chat
  configuration:
    type: azure_openai
    azure_deployment: gpt-35-turbo
  parameters:
    max_tokens: 300
    temperature: 0.2
    top_p: 0.9
    seed: 7
sample:
  question: What?
---
system:
You answer.

# User:
{{question}}
Assistant[name="x"]:
Well,
`;

test("front matter and body become a prompt; what it cannot carry is named with its line", () => {
  const { prompts, faults, leftOut } = read(whole);
  expect(faults).toEqual([]);
  expect(prompts).toEqual([
    {
      file: "a.prompty",
      line: 1,
      agentType: "engineer",
      version: "1.2.0",
      content: "system:\nYou answer.\n\nuser:\n{{question}}\nassistant:\nWell,\n",
      contentLine: 21,
      parameters: { maxOutputTokens: 300, temperature: 0.2, topP: 0.9 },
      tools: null,
      message: "Contoso: Answers customers (by ann, ben)",
      production: true,
    },
  ]);
  expect(told(leftOut)).toEqual([
    "10: model.configuration is left out: the agent type's model answers",
    "17: model parameter seed is left out: a prompt has no place for it",
    "18: sample is left out: a prompt keeps no sample values; benchmarks of a suite do",
    '26: [name="x"] is left out: a message has a role and a text',
  ]);
});

test("a body without front matter fields is a prompt as it stands", () => {
  const { prompts, faults } = read("---\n---\nSolve it.");
  expect(faults).toEqual([]);
  expect(prompts[0]).toMatchObject({ content: "Solve it.", message: null, parameters: {} });
});

test("the developer's message is the system's", () => {
  const { prompts, leftOut } = read("---\nname: x\n---\ndeveloper:\nSolve it.");
  expect(prompts[0]?.content).toBe("system:\nSolve it.");
  expect(told(leftOut)).toEqual(["4: the developer's message is kept as the system's"]);
});

test.each<[text: string, faults: unknown[]]>([
  ["system:\nHi.\n", ["1: a Prompty file begins with front matter: YAML between two lines of ---"]],
  ["---\nname: x\n", ["1: a Prompty file begins with front matter: YAML between two lines of ---"]],
  ["---\nname: [\n---\nHi.", [expect.stringMatching(/^\d: /)]],
  ["---\nname: x\nname: y\n---\nHi.", [expect.stringMatching(/^3: Map keys must be unique/)]],
  ["---\n- x\n---\nHi.", ["2: the front matter is not made of names and values"]],
  [
    "---\nname: x\nbase: y.prompty\n---\nHi.",
    ["3: base: write what the other file says into this one; nothing is inherited"],
  ],
  [
    "---\nname: x\ntemplate: mustache\n---\nHi.",
    ["3: template: only Jinja2 is read; rewrite the body in it"],
  ],
  ["---\nversion: two\n---\nHi.", ['2: "two" is no version; write three numbers, as "1.0.0"']],
  ["---\nmodel: 7\n---\nHi.", ["2: model: write names and values"]],
  ["---\nname: x\n---\nfunction:\nHi.", ["4: a prompt has no messages of the role function"]],
])("what cannot be read is named with its line: %#", (text, faults) => {
  expect(told(read(text).faults)).toEqual(faults);
});
