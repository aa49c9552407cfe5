import { contentHash } from "#lib/content-hash.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import { benchmarkOf } from "#workbench/benchmark.ts";
import { requireFamily } from "#workbench/families.ts";
import type { Design, Problem } from "#workbench/problem.ts";
import { loadWorkbenchPrompt } from "#workbench/prompts/load.ts";
import { engineerTools } from "#workbench/tools.ts";
import type { HarnessPrompt, TrialRequest } from "../trial-request.ts";

/** A prompt with the defaults of every gene but those given. */
export function harnessPrompt(content: string, genes: Partial<HarnessPrompt> = {}): HarnessPrompt {
  return {
    promptId: "prompt",
    content,
    parameters: promptParameters.parse({ temperature: 0 }),
    tools: [],
    model: "simulated",
    ...genes,
  };
}

/** A trial of the workbench with the seeded prompts. */
export function workbenchRequest(
  problem: Problem,
  model: string,
  { prompts = {}, ...rest }: Partial<TrialRequest> = {},
): TrialRequest {
  const seeded = (name: "planner" | "engineer" | "critic", tools: string[]) =>
    harnessPrompt(loadWorkbenchPrompt(name), { promptId: name, tools, model });
  return {
    system: "workbench",
    benchmark: {
      ...benchmarkOf(problem),
      id: problem.id,
      contentHash: contentHash(problem.statement),
    },
    prompts: {
      planner: seeded("planner", []),
      engineer: seeded("engineer", [...engineerTools]),
      critic: seeded("critic", []),
      ...prompts,
    },
    runSeed: 1,
    repeat: 0,
    timeoutMs: 60_000,
    costLimitUsd: null,
    ...rest,
  };
}

/** A design of a problem with two variables that the verifier accepts, or refuses, by a walk over the ranges. */
export function designThat(verdict: "holds" | "fails", problem: Problem): Design {
  const [a, b] = problem.variables;
  if (a === undefined || b === undefined) throw new Error(`${problem.id} has too few variables`);
  const steps = 80;
  for (let i = 0; i <= steps; i++) {
    for (let j = 0; j <= steps; j++) {
      const design = {
        [a.name]: a.min + ((a.max - a.min) * i) / steps,
        [b.name]: b.min + ((b.max - b.min) * j) / steps,
      };
      const holds = requireFamily(problem.family).verify(problem, design).success;
      if (holds === (verdict === "holds")) return design;
    }
  }
  throw new Error(`${problem.id} has no design that ${verdict}`);
}
