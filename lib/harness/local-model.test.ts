import { afterAll, expect, test } from "vitest";
import { trialResult } from "#lib/domain/trial.ts";
import { requireFamily } from "#workbench/families.ts";
import { freshProblems } from "#workbench/suite.ts";
import { rememberingResolver } from "../llm/models.ts";
import { createTrialPool } from "./pool.ts";
import { runTrial } from "./run-trial.ts";
import { harnessPrompt, workbenchRequest } from "./testing/requests.ts";

const modelOf = rememberingResolver({ keys: {} });
const pool = createTrialPool({ models: { keys: {} }, threads: 2 });
const problems = freshProblems(6, 1);

afterAll(() => pool.close());

test("worker threads give the very results of this thread, in any order", async () => {
  const requests = problems.map((problem) => workbenchRequest(problem, "simulated"));
  const here = [];
  for (const request of requests) here.push(await runTrial(request, modelOf));
  const there = await Promise.all(requests.toReversed().map((request) => pool.run(request)));
  expect(there.toReversed()).toEqual(here);
  for (const result of here) expect(trialResult.parse(result).simulated).toBe(true);
});

test("a trial repeats to the last figure; another repeat or seed draws anew", async () => {
  const trace = async (runSeed: number, repeat: number) => {
    const results = [];
    for (const problem of problems)
      results.push(
        await runTrial(workbenchRequest(problem, "simulated", { runSeed, repeat }), modelOf),
      );
    return JSON.stringify(results);
  };
  const first = await trace(1, 0);
  expect(await trace(1, 0)).toBe(first);
  expect(await trace(1, 1)).not.toBe(first);
  expect(await trace(2, 0)).not.toBe(first);
});

test("the trial's figures are the sums of its agents'", async () => {
  for (const problem of problems) {
    const result = await runTrial(workbenchRequest(problem, "simulated"), modelOf);
    const sum = (key: "costUsd" | "latencyMs" | "inputTokens" | "outputTokens") =>
      result.agents.reduce((total, agent) => total + agent[key], 0);
    expect(result.costUsd).toBeCloseTo(sum("costUsd"), 12);
    expect(result.latencyMs).toBeCloseTo(sum("latencyMs"), 6);
    expect(result.inputTokens).toBe(sum("inputTokens"));
    expect(result.outputTokens).toBe(sum("outputTokens"));
    expect(result.agents.find((agent) => agent.agentType === "engineer")?.outcome).toBe(
      result.outcome,
    );
  }
});

test("a template that cannot be rendered fails the trial and calls no model", async () => {
  const problem = requireFamily("beam").generate(1, "beam-01");
  const broken = harnessPrompt("You plan.\n\n{{ problem", { model: "simulated" });
  const request = workbenchRequest(problem, "simulated");
  const result = await pool.run({ ...request, prompts: { ...request.prompts, planner: broken } });
  expect(result.failure?.errorClass).toBe("template-error");
  expect(result).toMatchObject({ costUsd: 0, latencyMs: 0, score: 0 });
});

test("a missing prompt or an input that is no problem is the caller's fault and throws", async () => {
  const [problem] = problems;
  if (problem === undefined) throw new Error("no problems");
  const request = workbenchRequest(problem, "simulated");
  const { planner } = request.prompts;
  if (planner === undefined) throw new Error("no planner");
  await expect(runTrial({ ...request, prompts: { planner } }, modelOf)).rejects.toThrow("engineer");
  const other = { ...request, benchmark: { ...request.benchmark, input: "{}" } };
  await expect(pool.run(other)).rejects.toThrow("no workbench problem");
});

test("a run that could pass its cost limit ends as failed before the call, at what it cost until then", async () => {
  for (const problem of problems) {
    const free = await runTrial(workbenchRequest(problem, "simulated"), modelOf);
    const costLimitUsd = free.costUsd / 2 + 0.02;
    const limited = await runTrial(
      workbenchRequest(problem, "simulated", { costLimitUsd }),
      modelOf,
    );
    expect(limited.costUsd).toBeLessThanOrEqual(costLimitUsd);
    const strict = await runTrial(
      workbenchRequest(problem, "simulated", { costLimitUsd: 1e-6 }),
      modelOf,
    );
    expect(strict.failure?.errorClass).toBe("over-budget");
    expect(strict.costUsd).toBe(0);
    expect(strict.score).toBe(0);
  }
});
