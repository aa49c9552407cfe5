import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { buildRequest } from "./build-request.ts";
import { publishedSchemas } from "./published-schemas.ts";
import { taskOf } from "./testing/task.ts";

const folder = path.join(import.meta.dirname, "../../docs/executors");
const schemas = publishedSchemas();

function validatorOf(name: string) {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(schemas[name] ?? "{}"));
}

test.each(Object.keys(schemas))("docs/executors/%s is what the code reads", (name) => {
  expect(readFileSync(path.join(folder, name), "utf8"), "run: npm run openapi").toBe(schemas[name]);
});

test("a request as it is sent is as its schema says", () => {
  const request = buildRequest(taskOf(), { deadline: new Date(), sendExpected: false });
  const validate = validatorOf("request.schema.json");
  expect(validate(JSON.parse(JSON.stringify(request))), JSON.stringify(validate.errors)).toBe(true);
});

test.each(Object.keys(schemas))("the examples in docs/executors/%s are as it says", (name) => {
  const { examples } = JSON.parse(schemas[name] ?? "{}");
  expect(examples.length).toBeGreaterThan(0);
  const validate = validatorOf(name);
  for (const example of examples)
    expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
});

test("what a suite's line carries for its agent is in the request", () => {
  const task = taskOf();
  task.request.benchmark.metadata = { file: "a.csv" };
  const request = buildRequest(task, { deadline: new Date(), sendExpected: false });
  expect(request.benchmark.metadata).toEqual({ file: "a.csv" });
});

test("the guide's answers are as their schema says", () => {
  const guide = readFileSync(path.join(folder, "../executors.md"), "utf8");
  const answers = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text ?? "");
  expect(answers).toHaveLength(2);
  const validate = validatorOf("answer.schema.json");
  for (const answer of answers)
    expect(validate(JSON.parse(answer)), JSON.stringify(validate.errors)).toBe(true);
});
