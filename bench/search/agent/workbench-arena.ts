/** The built-in workbench as an arena: the engineer's prompt, the simulated model, and problems that nobody has seen. */
import { contentHash } from "#lib/content-hash.ts";
import { promptGenome } from "#lib/domain/prompt.ts";
import { createTrialPool } from "#lib/harness/pool.ts";
import { completeText } from "#lib/llm/complete.ts";
import { resolveModel } from "#lib/llm/models.ts";
import { sealSuite } from "#lib/suites/seal-suite.ts";
import { benchmarkOf } from "#workbench/benchmark.ts";
import type { Problem } from "#workbench/problem.ts";
import { loadWorkbenchPrompt } from "#workbench/prompts/load.ts";
import { freshProblems, workbenchSuite, workbenchSuiteName } from "#workbench/suite.ts";
import { engineerTools } from "#workbench/tools.ts";
import type { Arena } from "./arena.ts";

const model = "simulated:standard";
const freshSeed = 900;
const timeoutMs = 300_000;

export function workbenchArena(options: { fresh: number; threads?: number }): Arena {
  const models = { keys: {} };
  const pool = createTrialPool({
    models,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  const proposer = resolveModel(model, models);
  const prompts = {
    planner: genomeOf("planner"),
    engineer: genomeOf("engineer"),
    critic: genomeOf("critic"),
  };
  const harnessPrompt = (name: string, genome: typeof prompts.engineer) => ({
    promptId: name,
    ...genome,
    model: genome.parameters.model ?? model,
  });
  return {
    name: "workbench",
    agent: {
      name: "engineer",
      system: "workbench",
      suite: workbenchSuiteName,
      description:
        "Solves a design task with simulation, cost and consistency tools and hands in a design.",
      requiredVariables: ["problem", "plan", "objection"],
      protectedTexts: [],
      allowedTools: [...engineerTools],
      defaultModel: model,
      parameterBounds: {
        temperature: [0, 1],
        topP: [0.5, 1],
        maxSteps: [4, 24],
        models: ["simulated:small", "simulated:standard", "simulated:large"],
      },
      repeats: "vary",
      nonInferiorityMargin: 0.05,
    },
    start: prompts.engineer,
    benchmarks: sealSuite(workbenchSuite().map(withId)),
    fresh: sealSuite(freshProblems(options.fresh, freshSeed).map(withId)),
    simulated: true,
    concurrency: 8,
    completer: { complete: (request) => completeText(proposer, request) },
    run: ({ genome, benchmark, repeat, seed }) =>
      pool.run({
        system: "workbench",
        benchmark,
        prompts: {
          planner: harnessPrompt("planner", prompts.planner),
          engineer: harnessPrompt("engineer", genome),
          critic: harnessPrompt("critic", prompts.critic),
        },
        runSeed: seed,
        repeat,
        timeoutMs,
        costLimitUsd: null,
      }),
    close: () => pool.close(),
  };
}

function genomeOf(role: "planner" | "engineer" | "critic") {
  return promptGenome.parse({
    content: loadWorkbenchPrompt(role),
    parameters: { temperature: 0.7, maxSteps: role === "engineer" ? 16 : 1 },
    tools: role === "engineer" ? [...engineerTools] : [],
  });
}

function withId(problem: Problem) {
  const benchmark = benchmarkOf(problem);
  // The simulated model draws by this hash, in which `required` never was.
  const hash = contentHash({ ...benchmark, required: undefined });
  return { ...benchmark, id: problem.id, contentHash: hash };
}
