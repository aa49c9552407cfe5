/** The simulation must leave room for a search: these bounds are what the demo and the search tests stand on. */
import { expect, test } from "vitest";
import { promptParameters } from "#lib/domain/prompt.ts";
import { runTrial } from "#lib/harness/run-trial.ts";
import { resolveModel } from "#lib/llm/models.ts";
import { loadWorkbenchPrompt } from "#workbench/prompts/load.ts";
import { inputOf, workbenchSuite } from "#workbench/suite.ts";
import { engineerTools } from "#workbench/tools.ts";

const seeded = loadWorkbenchPrompt("engineer");
const byHand = loadWorkbenchPrompt("engineer-by-hand");
const modelOf = (id: string) => resolveModel(id, { keys: {} });

interface Figures {
  success: number;
  costUsd: number;
  latencyMs: number;
}

async function measure(
  engineer: string,
  { repeats = 2, temperature = 0.7, model = "simulated" } = {},
): Promise<Figures> {
  const prompt = (content: string, tools: string[]) => ({
    promptId: "p",
    content,
    parameters: promptParameters.parse({ temperature }),
    tools,
    model,
  });
  const prompts = {
    planner: prompt(loadWorkbenchPrompt("planner"), []),
    engineer: prompt(engineer, [...engineerTools]),
    critic: prompt(loadWorkbenchPrompt("critic"), []),
  };
  const sums = { success: 0, costUsd: 0, latencyMs: 0 };
  const problems = workbenchSuite();
  for (const problem of problems) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const result = await runTrial(
        {
          system: "workbench",
          benchmark: {
            id: problem.id,
            contentHash: problem.id,
            input: inputOf(problem),
            expected: null,
            labels: null,
            grader: { kind: "workbench" },
          },
          prompts,
          runSeed: 11,
          repeat,
          timeoutMs: 60_000,
          costLimitUsd: null,
        },
        modelOf,
      );
      sums.success += result.outcome === "success" ? 1 : 0;
      sums.costUsd += result.costUsd;
      sums.latencyMs += result.latencyMs;
    }
  }
  const runs = problems.length * repeats;
  return {
    success: sums.success / runs,
    costUsd: sums.costUsd / runs,
    latencyMs: sums.latencyMs / runs,
  };
}

const withRule = (rule: string) =>
  seeded.replace("- Choose a value", `- ${rule}\n- Choose a value`);

const before = await measure(seeded, { repeats: 4 });
const after = await measure(byHand, { repeats: 4 });

test("the seeded engineer succeeds in 30 to 45 % of runs, one written by hand in over 85 %", () => {
  expect(before.success).toBeGreaterThan(0.3);
  expect(before.success).toBeLessThan(0.45);
  expect(after.success).toBeGreaterThan(0.85);
});

test("careful work costs money and time", () => {
  expect(after.costUsd).toBeGreaterThan(before.costUsd * 1.1);
  expect(after.latencyMs).toBeGreaterThan(before.latencyMs * 1.05);
});

test("single habits help by themselves", { timeout: 120_000 }, async () => {
  const cost = await measure(withRule("Make sure the price stays within the budget."));
  expect(cost.success).toBeGreaterThan(before.success + 0.04);
  expect(cost.costUsd).toBeGreaterThan(before.costUsd * 1.1);
  const margin = await measure(withRule("Leave headroom beyond each limit."));
  expect(margin.success).toBeGreaterThan(before.success + 0.04);
});

test("a bloated prompt and a high temperature do worse", { timeout: 120_000 }, async () => {
  const filler =
    " Remember that good work is the pride of every office, that customers come back to those who take their time, and that nobody likes to see a task come back to the desk from which it went out with so much hope.";
  const bloated = byHand.replace(/^- .*$/gm, (rule) => rule + filler);
  expect((await measure(bloated)).success).toBeLessThan(after.success - 0.05);
  expect((await measure(byHand, { temperature: 1.5 })).success).toBeLessThan(after.success);
});

test("the small model is cheaper and weaker, the large one dearer and better", {
  timeout: 120_000,
}, async () => {
  const small = await measure(seeded, { repeats: 1, model: "simulated:small" });
  const large = await measure(seeded, { repeats: 1, model: "simulated:large" });
  expect(small.success).toBeLessThan(large.success);
  expect(small.costUsd).toBeLessThan(large.costUsd / 5);
  expect(small.latencyMs).toBeLessThan(large.latencyMs);
});
