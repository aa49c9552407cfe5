import { afterAll, expect, test } from "vitest";
import type { Grader } from "../domain/grader.ts";
import { closeBounded } from "../graders/bounded.ts";
import { parseCommandList } from "../graders/command-list.ts";
import { graderCommands } from "../graders/commands.ts";
import { rememberingResolver } from "../llm/models.ts";
import { createTrialPool } from "./pool.ts";
import { runTrial } from "./run-trial.ts";
import { harnessPrompt } from "./testing/requests.ts";
import type { TrialRequest } from "./trial-request.ts";

const pool = createTrialPool({ models: { keys: {} }, threads: 1 });
const modelOf = rememberingResolver({ keys: {} });
afterAll(async () => {
  await pool.close();
  await closeBounded();
});

const judge: Grader = { kind: "judge", model: "simulated", promptVersion: 1, threshold: 0.5 };
const combined: Grader = {
  kind: "combined",
  graders: [
    { name: "word", weight: 3, grader: { kind: "regex", pattern: "\\w", flags: "", whole: false } },
    { weight: 1, grader: judge },
  ],
};

function question(grader: Grader, rest: Partial<TrialRequest> = {}): TrialRequest {
  return {
    system: "single",
    benchmark: {
      id: "b",
      contentHash: "h",
      input: "a warm and wonderful film",
      expected: "positive",
      labels: ["negative", "positive"],
      grader,
    },
    prompts: {
      reader: harnessPrompt("Is this positive or negative? Reply with the label.\n\n{{ input }}"),
    },
    runSeed: 7,
    repeat: 0,
    timeoutMs: 60_000,
    costLimitUsd: null,
    ...rest,
  };
}

test("a trial keeps what each grader said, and the judge's cost is a part of its own", async () => {
  const result = await runTrial(question(combined), modelOf);
  const grades = result.grades ?? [];
  expect(grades.map(({ grader }) => grader)).toEqual(["word", "judge"]);
  const judging = grades[1]?.costUsd ?? 0;
  expect(judging).toBeGreaterThan(0);
  expect(grades[0]?.costUsd).toBe(0);
  expect(result.costUsd).toBeCloseTo((result.agents[0]?.costUsd ?? 0) + judging, 12);
  expect(result.simulated).toBe(true);
});

test("worker threads grade as this thread does", async () => {
  const request = question(combined, { repeat: 3 });
  expect(await pool.run(request)).toEqual(await runTrial(request, modelOf));
});

test("a judge's call that would pass the trial's limit is not made, and the trial costs what its agent did", async () => {
  const [prompt] = Object.values(question(judge).prompts);
  if (prompt === undefined) throw new Error("no prompt");
  // Room for the agent's few words, and not for the judge's many.
  const reader = { ...prompt, parameters: { ...prompt.parameters, maxOutputTokens: 16 } };
  const limit = 0.001;
  const result = await runTrial(
    question(judge, { prompts: { reader }, costLimitUsd: limit }),
    modelOf,
  );
  expect(result.failure?.signature).toBe("over-budget/judge");
  expect(result.costUsd).toBeLessThanOrEqual(limit);
  expect(result.costUsd).toBe(result.agents[0]?.costUsd);
});

test("an operator's command judges a trial of a model of this machine", async () => {
  const program = `process.stdout.write(JSON.stringify({ score: JSON.parse(require("fs").readFileSync(0)).expected === "positive" ? 1 : 0 }))`;
  const entry = {
    name: "same",
    version: "1",
    argv: [process.execPath, "-e", program],
    memoryMb: null,
  };
  const programs = graderCommands(
    parseCommandList(JSON.stringify({ commands: [entry] })),
    (name) => process.env[name],
  );
  const own = createTrialPool({ models: { keys: {} }, threads: 1, graderCommands: programs });
  const grader: Grader = { kind: "command", command: "same@1", threshold: 1 };
  expect((await own.run(question(grader))).outcome).toBe("success");
  expect((await pool.run(question(grader))).failure?.message).toContain("no such command");
  await own.close();
});
