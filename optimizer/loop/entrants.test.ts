import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import type { SearchPrompt } from "../ports.ts";
import { requireUnseen } from "./entrants.ts";

const promptOf = (content: string): SearchPrompt => ({
  id: content,
  version: "1.1.0",
  contentHash: content,
  genome: { content, parameters: promptParameters.parse({}), tools: [] },
});
const incumbent = promptOf("Answer {{ input }}. Example: Who wrote Faust? Goethe.");
const rowOf = (input: string, index: number): Benchmark => ({
  id: `b${index}`,
  suite: "s",
  externalId: `b${index}`,
  input,
  expected: null,
  labels: null,
  grader: { kind: "exact", ignoreCase: true },
  weight: 1,
  contentHash: `b${index}`,
  family: null,
  group: `b${index}`,
  required: false,
  sealed: true,
});
const sealed = ["Who painted the  Mona Lisa?", "Yes or no?", "Who wrote Faust?"].map(rowOf);

test("a prompt that holds a sealed row is refused, whatever its case and white space", () => {
  const memorized = promptOf("Answer {{ input }}. Example: WHO painted\nthe Mona Lisa? Leonardo.");
  expect(() => requireUnseen([memorized], incumbent, sealed)).toThrow(
    "1.1.0 holds 1 of the 3 benchmarks that are sealed for the proof",
  );
});

test("a longer stretch of sealed rows that was pieced together is refused too", () => {
  const long = rowOf(
    "when the train leaves at nine and the bus at ten who arrives first in town",
    9,
  );
  const copied = promptOf(`Answer {{ input }}. Think when ${long.input.slice(5, 60)} or so.`);
  expect(() => requireUnseen([copied], incumbent, [long])).toThrow("copies the text");
});

test("what the incumbent holds too, a short row by chance, and a prompt of its own words pass", () => {
  const own = promptOf("Answer {{ input }} with yes or no? Example: Who wrote Faust? Goethe.");
  expect(() => requireUnseen([own, incumbent], incumbent, sealed)).not.toThrow();
});
