import { z } from "zod";
import { acceptedAnswer, executorAnswer, executorRequest } from "./contract.ts";
import { acceptedExamples, answerExamples, requestExamples } from "./contract-examples.ts";

const published = {
  request: {
    schema: executorRequest,
    title: "What an executor is given",
    examples: requestExamples,
  },
  answer: { schema: executorAnswer, title: "What an executor answers", examples: answerExamples },
  accepted: { schema: acceptedAnswer, title: "The body of 202", examples: acceptedExamples },
} as const;

/** The contract as JSON Schema (draft 2020-12), by the name of its file in docs/executors. */
export function publishedSchemas(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(published).map(([name, { schema, title, examples }]) => [
      `${name}.schema.json`,
      `${JSON.stringify({ title, ...z.toJSONSchema(schema), examples }, null, 2)}\n`,
    ]),
  );
}
