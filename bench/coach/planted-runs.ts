/** Failed runs of the workbench whose fault is known, each with the coach's judgement of it. */
import { contentHash } from "#lib/content-hash.ts";
import type { CoachedRun } from "#lib/domain/insight.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import { runTrial } from "#lib/harness/run-trial.ts";
import type { TrialRequest } from "#lib/harness/trial-request.ts";
import { type ResolvedModel, resolveModel } from "#lib/llm/models.ts";
import { seedOf } from "#lib/random.ts";
import { evidenceFromTrial } from "#optimizer/adapters/evidence-from-trials.ts";
import { judgeRun } from "#optimizer/coach/judge-run.ts";
import type { CoachOptions } from "#optimizer/coach/talk.ts";
import type { EvidenceRun } from "#optimizer/evidence.ts";
import { benchmarkOf } from "#workbench/benchmark.ts";
import { type PlantedFault, plantFault } from "#workbench/planted-faults.ts";
import type { Problem } from "#workbench/problem.ts";
import { loadWorkbenchPrompt } from "#workbench/prompts/load.ts";
import { freshProblems } from "#workbench/suite.ts";
import { engineerTools } from "#workbench/tools.ts";

export interface JudgedRun {
  truth: PlantedFault;
  seed: number;
  run: EvidenceRun;
  judged: CoachedRun;
}

export const coachOptions: CoachOptions = {
  worker: "engineer",
  critic: "critic",
  submissionTool: "submit_solution",
};

const plainModel = "simulated:standard";
/** Problems of which at least one in three gives a run with the fault. */
const triesPerRun = 6;

/** At least `count` failed runs with the fault, over fresh problems of the seed; throws when too few come about. */
export async function plantedRuns(
  truth: PlantedFault,
  count: number,
  seed: number,
): Promise<JudgedRun[]> {
  const found: JudgedRun[] = [];
  for (const problem of freshProblems(count * triesPerRun, seed)) {
    if (found.length === count) return found;
    const run = await plantedRun(problem, truth, seedOf(seed, truth, problem.id));
    if (run !== null) found.push({ truth, seed, run, judged: judgeRun(run, coachOptions) });
  }
  if (found.length < count) throw new Error(`only ${found.length} runs with ${truth}`);
  return found;
}

/** One run with the fault as the coach gets it, or null when the fault could not come to bear. */
async function plantedRun(
  problem: Problem,
  truth: PlantedFault,
  seed: number,
): Promise<EvidenceRun | null> {
  const plain = resolveModel(plainModel, { keys: {} });
  const { engineer, critic, planted } = plantFault(plain.model, problem, truth, seed);
  const models: Record<string, ResolvedModel> = {
    [plainModel]: plain,
    engineer: { ...plain, model: engineer },
    critic: { ...plain, model: critic },
  };
  const request = requestOf(problem, seed);
  const result = await runTrial(request, (id) => models[id] ?? plain);
  if (!planted() || result.outcome === "success") return null;
  return evidenceFromTrial(`${problem.id}/${truth}`, problem.id, result);
}

function requestOf(problem: Problem, runSeed: number): TrialRequest {
  const prompt = (role: "planner" | "engineer" | "critic", model: string) => ({
    promptId: role,
    content: loadWorkbenchPrompt(role),
    parameters: promptParameters.parse({}),
    tools: role === "engineer" ? [...engineerTools] : [],
    model,
  });
  return {
    system: "workbench",
    benchmark: {
      ...benchmarkOf(problem),
      id: problem.id,
      contentHash: contentHash(problem.statement),
    },
    prompts: {
      planner: prompt("planner", plainModel),
      engineer: prompt("engineer", "engineer"),
      critic: prompt("critic", "critic"),
    },
    runSeed,
    repeat: 0,
    timeoutMs: 60_000,
    costLimitUsd: null,
  };
}
