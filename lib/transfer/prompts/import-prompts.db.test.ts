import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { listPrompts } from "#lib/db/prompts.ts";
import { AppError } from "#lib/errors.ts";
import { productionPrompt } from "#lib/registry/production.ts";
import { createTestDatabase } from "#tests/database.ts";
import { genomeOf, makeAgentType, makeProduction } from "#tests/factories.ts";
import { importPrompts } from "./import-prompts.ts";
import { planImport } from "./plan-import.ts";
import { readYamlPrompts } from "./read-yaml.ts";

let handle: DatabaseHandle;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  handle = createDatabase({ url: database.url, poolMax: 10 });
});

afterAll(async () => {
  await handle.close();
  await drop();
});

let agents = 0;

async function newAgent(): Promise<string> {
  const name = `agent-${++agents}`;
  await makeAgentType(handle.db, { name, requiredVariables: ["problem"] });
  return name;
}

const read = (text: string) => readYamlPrompts("prompts.yaml", text).prompts;
const plan = async (text: string) => planImport(handle.db, read(text), "test");
const run = (text: string, promote = false) =>
  importPrompts(handle.db, read(text), { actor: "test", promote });
const promptsOf = async (agentType: string) =>
  (await listPrompts(handle.db, { agentType })).items.toSorted((a, b) =>
    a.version.localeCompare(b.version),
  );
const history = (name: string) => `
${name}:
  production: "1.1.0"
  versions:
    "1.1.0": { content: "Two. {{ problem }}", parameters: { temperature: 0 }, tools: [simulate] }
    "1.0.0": "One. {{ problem }}"
    "1.2.0": "One. {{ problem }}"
`;

test("a history is imported in order, each version a child of the one before", async () => {
  const name = await newAgent();
  const { planned } = await run(history(name));
  expect(planned.map(({ version, action }) => [version, action])).toEqual([
    ["1.0.0", "create"],
    ["1.1.0", "create"],
    ["1.0.0", "unchanged"],
  ]);
  const prompts = await promptsOf(name);
  expect(prompts).toMatchObject([
    { version: "1.0.0", status: "draft", tools: ["calculator", "simulate"], parents: [] },
    {
      version: "1.1.0",
      status: "draft",
      tools: ["simulate"],
      parameters: { temperature: 0 },
      parents: [{ parentId: prompts[0]?.id, operator: "person" }],
      message: "Imported from prompts.yaml",
    },
  ]);
  expect(await productionPrompt(handle.db, name)).toBeNull();
});

test("importing again changes nothing", async () => {
  const name = await newAgent();
  await run(history(name), true);
  const events = await handle.db.auditEvent.count();
  const { planned, promotions } = await run(history(name), true);
  expect(planned.map(({ action }) => action)).toEqual(["unchanged", "unchanged", "unchanged"]);
  expect(promotions).toEqual([
    { agentType: name, version: "1.1.0", done: true, outcome: "is in production" },
  ]);
  expect(await handle.db.auditEvent.count()).toBe(events);
});

test("the production version of a file goes into production where there is none", async () => {
  const name = await newAgent();
  const { promotions } = await run(history(name), true);
  expect(promotions).toMatchObject([{ version: "1.1.0", done: true }]);
  const held = await productionPrompt(handle.db, name);
  expect(held).toMatchObject({ tagGeneration: 1, prompt: { version: "1.1.0" } });
});

test("where something is in production, the imported prompt stays a draft and says so", async () => {
  const name = await newAgent();
  const before = await makeProduction(handle.db, {
    agentType: name,
    genome: genomeOf("Zero. {{ problem }}"),
  });
  const { promotions } = await run(`${name}: "Mine. {{ problem }}"`, true);
  expect(promotions).toEqual([
    {
      agentType: name,
      version: "2.0.0",
      done: false,
      outcome: "stays draft: 1.0.0 is in production, and a review decides what follows it",
    },
  ]);
  expect((await productionPrompt(handle.db, name))?.prompt.id).toBe(before.id);
});

test("one refusal keeps everything out", async () => {
  const [name, other] = [await newAgent(), await newAgent()];
  const text = `${name}: "Fine. {{ problem }}"\n${other}: |\n  Bad. {{ problem }}\n  {{ problem | sha1 }}\n`;
  const refused = (await plan(text)).filter(({ action }) => action === "refused");
  expect(refused).toMatchObject([
    { agentType: other, line: 2, reason: expect.stringMatching(/^line 4: .*sha1/) },
  ]);
  const error: unknown = await run(text).catch((thrown: unknown) => thrown);
  expect(error instanceof AppError && error.code).toBe("invalid");
  expect(await promptsOf(name)).toEqual([]);
});

test.each<[fault: string, text: (name: string) => string, reason: RegExp]>([
  ["an unknown agent type", () => "nobody: x", /^there is no agent type "nobody": make it first/],
  ["a missing variable", (name) => `${name}: x`, /line 1: The prompt never uses .*"problem"/],
  [
    "an unknown tool",
    (name) => `${name}: { content: "{{ problem }}", tools: [rocket] }`,
    /has no tool "rocket"/,
  ],
  [
    "a parameter out of range",
    (name) => `${name}: { content: "{{ problem }}", parameters: { temperature: 9 } }`,
    /parameters are not valid at temperature/,
  ],
  [
    "an unknown parameter",
    (name) => `${name}: { content: "{{ problem }}", parameters: { seed: 9 } }`,
    /parameters are not valid/,
  ],
])("%s is refused with what is wrong", async (_, text, reason) => {
  const planned = await plan(text(await newAgent()));
  expect(planned).toMatchObject([{ action: "refused", reason: expect.stringMatching(reason) }]);
});

test("a version that holds other content is refused", async () => {
  const name = await newAgent();
  await run(`${name}: { version: 1.0.0, content: "One. {{ problem }}" }`);
  const text = `${name}: { version: 1.0.0, content: "Other. {{ problem }}" }`;
  expect(await plan(text)).toMatchObject([
    { action: "refused", reason: `${name}@1.0.0 is there with other content` },
  ]);
});

test("the same content under another version is there already", async () => {
  const name = await newAgent();
  await run(`${name}: { version: 1.0.0, content: "One. {{ problem }}" }`);
  const text = `${name}: { version: 3.0.0, content: "One. {{ problem }}" }`;
  expect(await plan(text)).toMatchObject([{ action: "unchanged", reason: "is there as 1.0.0" }]);
});

test("two imports at once keep each prompt once", async () => {
  const name = await newAgent();
  await Promise.all(Array.from({ length: 4 }, () => run(history(name), true)));
  expect((await promptsOf(name)).map(({ version }) => version)).toEqual(["1.0.0", "1.1.0"]);
});
