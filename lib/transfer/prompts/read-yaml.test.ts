import { expect, test } from "vitest";
import { readYamlPrompts } from "./read-yaml.ts";

const read = (text: string) => readYamlPrompts("prompts.yaml", text);
const faultsOf = (text: string) =>
  read(text).faults.map(({ line, message }) => `${line}: ${message}`);

test("an agent type's template is its one prompt, in production", () => {
  const { prompts, faults } = read("engineer: |\n  Solve it.\n  {{ problem }}\n");
  expect(faults).toEqual([]);
  expect(prompts).toEqual([
    {
      file: "prompts.yaml",
      line: 1,
      agentType: "engineer",
      version: null,
      content: "Solve it.\n{{ problem }}\n",
      contentLine: 2,
      parameters: {},
      tools: null,
      message: null,
      production: true,
    },
  ]);
});

test.each(["content", "template", "prompt"])("a prompt may write its text as %s", (key) => {
  const [prompt] = read(
    `engineer:\n  version: 1.2.3\n  ${key}: Solve it.\n  parameters: { temperature: 0.2 }\n  tools: [simulate]\n  message: by hand\n`,
  ).prompts;
  expect(prompt).toMatchObject({
    version: "1.2.3",
    content: "Solve it.",
    contentLine: 3,
    parameters: { temperature: 0.2 },
    tools: ["simulate"],
    message: "by hand",
    production: true,
  });
});

test("versions by number name the one in production", () => {
  const { prompts, faults } = read(
    'engineer:\n  production: "1.1.0"\n  versions:\n    "1.0.0": One.\n    "1.1.0": { template: Two. }\n',
  );
  expect(faults).toEqual([]);
  expect(prompts.map(({ version, content, production }) => [version, content, production])).toEqual(
    [
      ["1.0.0", "One.", false],
      ["1.1.0", "Two.", true],
    ],
  );
});

test.each([
  [
    "engineer:\n  - { version: 1.0.0, content: One. }\n  - { version: 1.1.0, content: Two., production: true }\n",
  ],
  [
    "engineer:\n  versions:\n    - { version: 1.0.0, content: One. }\n    - { version: 1.1.0, content: Two., production: true }\n",
  ],
])("a list of versions marks the one in production: %#", (text) => {
  const { prompts, faults } = read(text);
  expect(faults).toEqual([]);
  expect(prompts.map(({ version, production }) => [version, production])).toEqual([
    ["1.0.0", false],
    ["1.1.0", true],
  ]);
});

test("an alias repeats what its anchor says", () => {
  const { prompts } = read("a: &same { content: Hi., tools: [x] }\nb: *same\n");
  expect(prompts.map(({ agentType, content }) => [agentType, content])).toEqual([
    ["a", "Hi."],
    ["b", "Hi."],
  ]);
});

test.each<[text: string, faults: unknown[]]>([
  ["a: [\n", [expect.stringMatching(/^2: /)]],
  ["a: x\nb: y\na: z\n", [expect.stringMatching(/^3: Map keys must be unique/)]],
  ["a: x\n---\nb: y\n", [expect.stringMatching(/^2: .*multiple documents/)]],
  ["a: x\nb: !!js/function y\n", [expect.stringMatching(/^2: Unresolved tag/)]],
  ["a: x\nb: !binary y\n", [expect.stringMatching(/^2: Unresolved tag/)]],
  ["- a\n", ["1: write agent types with their templates: `agent: …`"]],
  ["", ["1: write agent types with their templates: `agent: …`"]],
  ["a: 7\n", ["1: a template is text; write `|` and the text below it"]],
  ["a:\n", ["1: a template is text; write `|` and the text below it"]],
  ["a:\n  version: 1.0.0\n", ["2: write the template under `content:`"]],
  ["a:\n  content: x\n  prompt: y\n", ["3: the template is written twice; keep one of them"]],
  [
    "a:\n  content: x\n  temperature: 1\n",
    [
      '3: "temperature" means nothing here; content, template, prompt, version, parameters, tools, message, production do',
    ],
  ],
  [
    "a:\n  version: 1.10\n  content: x\n",
    ['2: "1.10" is no version; write three numbers in quotes, as "1.0.0"'],
  ],
  ["a:\n  - content: x\n", ["2: each prompt of a list needs its version"]],
  ["a:\n  versions: {}\n", ["2: write at least one version here"]],
  [
    'a:\n  production: 2.0.0\n  versions:\n    "1.0.0": x\n',
    ["2: production is 2.0.0, which is not among them"],
  ],
  [
    "a:\n  - { version: 1.0.0, content: x, production: true }\n  - { version: 2.0.0, content: y, production: true }\n",
    ['2: only one version of "a" can be in production'],
  ],
  ["a:\n  content: x\n  tools: simulate\n", ["3: tools are a list of names"]],
  ["a:\n  content: x\n  parameters: 7\n", ["3: parameters are names with values"]],
  ["a:\n  content: x\n  message: 7\n", ["3: message is text; put it in quotes"]],
  ["a:\n  content: x\n  production: maybe\n", ["3: production is true or false here"]],
])("what cannot be read is named with its line: %#", (text, faults) => {
  expect(faultsOf(text)).toEqual(faults);
});

test("aliases that multiply are refused before they are expanded", () => {
  const levels = Array.from({ length: 12 }, (_, k) => {
    const items = Array.from({ length: 10 }, () => (k === 0 ? "lol" : `*l${k - 1}`));
    return `l${k}: &l${k} [${items.join(", ")}]`;
  });
  const started = performance.now();
  expect(faultsOf(levels.join("\n"))).toEqual([
    expect.stringMatching(/^2: aliases repeat too much/),
  ]);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test.each([
  ["lists in lists", "a: ".padEnd(200_000, "[")],
  ["blocks in blocks", Array.from({ length: 3_000 }, (_, k) => `${" ".repeat(k)}a:`).join("\n")],
  ["a text that never ends", `a: "${"x".repeat(9_000_000)}`],
])("%s are a fault, not a crash", (_, text) => {
  expect(faultsOf(text).length).toBeGreaterThan(0);
});
