import { expect, test } from "vitest";
import { promptParameters } from "#lib/domain/prompt.ts";
import { shownAnswers } from "#lib/genome/examples.ts";
import { completeText } from "#lib/llm/complete.ts";
import { resolveModel } from "#lib/llm/models.ts";
import { draw } from "#lib/random.ts";
import type { EvidenceRun } from "../evidence.ts";
import type { CompletionRequest } from "../ports.ts";
import { fewShot } from "./few-shot.ts";
import { fewShotBalance } from "./few-shot-balance.ts";
import { fewShotDrop } from "./few-shot-drop.ts";
import { fewShotReorder } from "./few-shot-reorder.ts";
import { fewShotSet } from "./few-shot-set.ts";
import { freshStart } from "./fresh-start.ts";
import { hyperparameter } from "./hyperparameter.ts";
import type { Operator, OperatorContext } from "./operator.ts";
import { reflect } from "./reflect.ts";
import { toolDescription } from "./tool-description.ts";
import { toolMask } from "./tool-mask.ts";

const model = resolveModel("simulated", { keys: {} });
const content =
  "# Role\nYou are an engineer.\n\n## Rules\n- Be creative.\n- Keep SAFE rules.\n\n## Task\n\n{{ problem }}\n";
const tools = ["evaluate_cost", "lookup_reference", "submit_solution"];
const genome = (text = content) => ({
  content: text,
  parameters: promptParameters.parse({}),
  tools,
});

function run(runId: string, outcome: "success" | "failure", used: readonly string[]): EvidenceRun {
  const calls = used.map((toolName) => ({
    agentType: "engineer",
    kind: "tool-call" as const,
    toolName,
    text: `call ${runId}`,
  }));
  const thought = { agentType: "engineer", kind: "thought" as const, text: `Thought of ${runId}` };
  return {
    runId,
    benchmarkId: runId,
    outcome,
    score: 0,
    failure: null,
    steps: [thought, ...calls],
  };
}

function context(
  seed: number,
  runs: number,
  reply?: string,
): OperatorContext & { requests: CompletionRequest[] } {
  const requests: CompletionRequest[] = [];
  const failed = Array.from({ length: runs }, (_, i) =>
    run(`f${i}`, "failure", ["lookup_reference", "submit_solution"]),
  );
  const cluster = { signature: "cost", statement: "cost is 99 USD", runs: failed, severity: runs };
  return {
    requests,
    agent: {
      name: "engineer",
      system: "workbench",
      suite: "s",
      description: "Solves design tasks with tools.",
      requiredVariables: ["problem"],
      protectedTexts: ["Keep SAFE rules."],
      allowedTools: tools,
      defaultModel: "simulated",
      parameterBounds: { temperature: [0, 1], topP: [0.5, 1], maxSteps: [4, 24], models: [] },
      repeats: null,
      nonInferiorityMargin: 0.05,
    },
    draws: draw(seed),
    modelSeed: seed,
    completer: {
      complete: async (request) => {
        requests.push(request);
        return reply === undefined ? completeText(model, request) : { text: reply };
      },
    },
    incumbent: genome(),
    clusters: [cluster],
    cluster,
    passing: [run("p0", "success", ["evaluate_cost", "submit_solution"])],
    failureSummary: '- Failed the check "cost" (60 % of 40 failed runs)',
    section: null,
    rejected: [],
    examples: [1, 2, 3].map((i) => ({
      benchmarkId: `e${i}`,
      group: `e${i}`,
      input: `in ${i}`,
      answer: `out ${i}`,
    })),
  };
}

async function childOf(operator: Operator, seed: number, text = content, runs = 3) {
  const parent = { id: "parent", genome: genome(text), passRates: new Map<string, number>() };
  const outcome = await operator.apply([parent], context(seed, runs));
  return outcome.state === "made" ? outcome.offspring[0] : undefined;
}

const withExamples = `${content}\n## Examples\n- Input: one\n  Answer: 1\n- Input: two\n  Answer: 2\n`;

test("examples are added as text to a prompt and as turns to a conversation", async () => {
  const asText = await childOf(fewShot, 1);
  expect(asText?.genome.content).toMatch(/## Examples\n- Input: in \d\n {2}Answer: out \d\n/);
  const asTurns = await childOf(fewShot, 1, "system:\nAnswer.\nuser:\n{{ problem }}\n");
  expect(asTurns?.genome.content).toMatch(
    /user:\nin \d\nassistant:\nout \d\n[\s\S]*user:\n\{\{ problem/,
  );
  expect(asText?.operatorArguments.benchmarkIds).toHaveLength(2);
});

const conversationOf = (examples: number) =>
  `system:\nS\n${"user:\nold\nassistant:\nyes\n".repeat(examples)}user:\n{{ problem }}\n`;

test("a set of examples replaces the ones shown and holds each answer about equally often, about as many as before", async () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({
    benchmarkId: `e${i}`,
    group: `e${i}`,
    input: `in ${i}`,
    answer: i < 9 ? "yes" : "no",
  }));
  const shownBy = async (seed: number, text: string, examples = rows) => {
    const parent = { id: "parent", genome: genome(text), passRates: new Map<string, number>() };
    const outcome = await fewShotSet.apply([parent], { ...context(seed, 3), examples });
    return outcome.state === "made" ? (outcome.offspring[0]?.genome.content ?? "") : outcome.reason;
  };
  const sizesFrom = async (shown: number, text = conversationOf(shown)) => {
    const sizes = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const child = await shownBy(seed, text);
      expect(child).not.toMatch(/old|one|two/);
      expect(child).toContain("{{ problem }}");
      const inputs = child.match(/in \d+/g) ?? [];
      expect(new Set(inputs).size).toBe(inputs.length);
      const yes = (child.match(/yes/g) ?? []).length;
      expect(Math.abs(2 * yes - inputs.length)).toBeLessThanOrEqual(1);
      sizes.add(inputs.length);
    }
    return [...sizes].sort();
  };
  expect(await sizesFrom(0)).toEqual([2, 3, 4, 5]);
  expect(await sizesFrom(2, withExamples)).toEqual([2, 3]);
  expect(await sizesFrom(4)).toEqual([3, 4, 5]);
  expect(await sizesFrom(9)).toEqual([2, 3, 4, 5]);
  expect(await shownBy(1, content, rows.slice(0, 1))).toMatch(/needs more than 1 usable/);
});

test("examples are turned towards the answer that is missed most, or one is exchanged for its like", async () => {
  const rows = ["a", "b", "c", "d"].flatMap((name) => [
    { benchmarkId: `${name}-yes`, group: `${name}-yes`, input: `in ${name} yes`, answer: "yes" },
    { benchmarkId: `${name}-no`, group: `${name}-no`, input: `in ${name} no`, answer: "no" },
  ]);
  const missing = (answer: string, count: number) => ({
    signature: `wrong-answer/expected ${answer}`,
    statement: `Answered otherwise instead of "${answer}".`,
    runs: Array.from({ length: count }, (_, i) => run(`${answer}${i}`, "failure", [])),
    severity: count,
  });
  const turns = (answers: readonly string[]) =>
    `system:\nS\n${answers.map((answer, i) => `user:\nold ${i}\nassistant:\n${answer}\n`).join("")}user:\n{{ problem }}\n`;
  const answersAfter = async (
    seed: number,
    clusters: ReturnType<typeof missing>[],
    text: string,
  ) => {
    const parent = { id: "parent", genome: genome(text), passRates: new Map<string, number>() };
    const outcome = await fewShotBalance.apply([parent], {
      ...context(seed, 3),
      examples: rows,
      clusters,
    });
    return outcome.state === "made"
      ? shownAnswers(outcome.offspring[0]?.genome.content ?? "").join(" ")
      : outcome.reason;
  };
  const leaning = new Set<string>();
  const even = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const clusters = [missing("no", 9), missing("yes", 2)];
    leaning.add(await answersAfter(seed, clusters, turns(["no", "yes", "yes"])));
    even.add(await answersAfter(seed, [missing("no", 4), missing("yes", 3)], turns(["no", "yes"])));
  }
  expect([...leaning].sort()).toEqual(["no yes no", "no yes yes no", "yes yes no"]);
  expect([...even].sort()).toEqual(["no yes", "yes no"]);
  const listed = `${content}\n## Examples\n- Input: one\n  Answer: yes\n`;
  expect(await answersAfter(1, [missing("no", 9)], listed)).toBe("yes no");
  expect(await answersAfter(1, [missing("no", 9)], content)).toMatch(/shows no example/);
  expect(await answersAfter(1, [missing("maybe", 9)], turns(["no"]))).toMatch(/no example is left/);
});

test("dropping an example leaves the others, and a prompt without any is left alone", async () => {
  const child = await childOf(fewShotDrop, 1, withExamples);
  expect(child?.genome.content.match(/Answer:/g)).toHaveLength(1);
  expect(await childOf(fewShotDrop, 1)).toBeUndefined();
});

test("reordering keeps every example, word for word, in text and in turns", async () => {
  const asText = await childOf(fewShotReorder, 1, withExamples);
  expect(asText?.genome.content).toBe(
    `${content}\n## Examples\n- Input: two\n  Answer: 2\n- Input: one\n  Answer: 1\n`,
  );
  const turns = (order: string[]) =>
    `system:\nS\n${order.map((n) => `user:\n${n}\nassistant:\nA${n}\n`).join("")}user:\n{{ problem }}\n`;
  const child = await childOf(fewShotReorder, 1, turns(["1", "2"]));
  expect(child?.genome.content).toBe(turns(["2", "1"]));
});

test("a step changes exactly one hyperparameter, within the agent's bounds", async () => {
  for (let seed = 0; seed < 40; seed++) {
    const child = await childOf(hyperparameter, seed);
    const before = Object.entries(genome().parameters);
    const after = new Map(Object.entries(child?.genome.parameters ?? {}));
    expect(before.filter(([name, value]) => after.get(name) !== value)).toHaveLength(1);
    expect(child?.genome.parameters.temperature).toBeLessThanOrEqual(1);
  }
});

test("a fresh start drops the old instructions and keeps frame, protected text and placeholders", async () => {
  const children = await Promise.all([1, 2, 3, 4].map((seed) => childOf(freshStart, seed)));
  for (const child of children) {
    expect(child?.genome.content).toContain("{{ problem }}");
    expect(child?.genome.content).toContain("Keep SAFE rules.");
    expect(child?.genome.content).not.toContain("Be creative.");
  }
  expect(children.some((child) => /cost|price/i.test(child?.genome.content ?? ""))).toBe(true);
});

test("only a tool that failed runs used more than good ones is taken away, never the one to answer with", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const child = await childOf(toolMask, seed);
    expect(child?.operatorArguments).toMatchObject({ action: "remove", tool: "lookup_reference" });
  }
});

test("words on a tool are one line, which new words replace", async () => {
  const say = async (words: string, text: string) => {
    const parent = { id: "parent", genome: genome(text), passRates: new Map<string, number>() };
    const reply = `<instruction>${words}</instruction>`;
    const outcome = await toolDescription.apply([parent], context(1, 3, reply));
    return outcome.state === "made" ? (outcome.offspring[0]?.genome.content ?? "") : outcome.reason;
  };
  const first = await say("Call it last.", content);
  expect(first).toMatch(/^- (evaluate_cost|submit_solution|lookup_reference): Call it last\.$/m);
  expect(await say("Call it first.", first)).toBe(first.replace("last", "first"));
  expect(await say("Call it last.", first)).toBe("the description came back unchanged");
  const children = await Promise.all([1, 2, 3].map((seed) => childOf(toolDescription, seed)));
  for (const child of children) expect(child?.genome.content).toMatch(/^- \w+: \w/m);
});

test("a reflection shows what passed, and reads many traces in groups with one synthesis", async () => {
  const parent = { id: "parent", genome: genome(), passRates: new Map<string, number>() };
  const few = context(1, 10);
  await reflect.apply([parent], few);
  expect(few.requests).toHaveLength(1);
  expect(few.requests[0]?.user).toContain("must keep working:\n[engineer thought] Thought of p0");
  const many = context(1, 16);
  await reflect.apply([parent], many);
  expect(many.requests).toHaveLength(6);
  expect(many.requests.at(-1)?.user.match(/<candidate_rule>/g)).toHaveLength(5);
});

test("a reflection whose quotes stand in no trace is refused; real quotes are kept", async () => {
  const parent = { id: "parent", genome: genome(), passRates: new Map<string, number>() };
  const answer = (quote: string) =>
    `<quote>${quote}</quote><diagnosis>d</diagnosis><rule>Check.</rule><prompt>new</prompt>`;
  const made = await reflect.apply([parent], context(1, 2, answer('"Thought of f1"')));
  expect(made.state === "made" && made.offspring[0]?.operatorArguments.quotes).toEqual([
    '"Thought of f1"',
  ]);
  expect(await reflect.apply([parent], context(1, 2, answer("I never said this")))).toEqual({
    state: "skipped",
    reason: "the reflection quotes what stands in no trace",
  });
});
