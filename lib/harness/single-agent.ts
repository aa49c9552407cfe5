import { type Grader, judgeModels } from "../domain/grader.ts";
import type { Failure, TrialResult } from "../domain/trial.ts";
import { AppError } from "../errors.ts";
import type { GraderCommands } from "../graders/commands.ts";
import { isSimulatedModel, type ResolvedModel } from "../llm/models.ts";
import { callAgent } from "./agent-call.ts";
import { CostMeter } from "./cost-meter.ts";
import { type Grading, gradeAnswer } from "./graders.ts";
import type { TrialRequest } from "./trial-request.ts";

/** The system `single`: one agent, one call, its answer judged by the benchmark's grader. */
export async function runSingleAgent(
  request: TrialRequest,
  modelOf: (id: string) => ResolvedModel,
  { ends, hurry, commands }: { ends: AbortSignal; hurry: AbortSignal; commands?: GraderCommands },
): Promise<TrialResult> {
  const entry = Object.entries(request.prompts)[0];
  if (entry === undefined) throw new AppError("internal", "A trial needs a prompt.");
  const [agentType, prompt] = entry;
  const { benchmark } = request;
  const model = modelOf(prompt.model);
  const meter = new CostMeter(request.costLimitUsd);
  const turn = await callAgent({
    agentType,
    prompt,
    model,
    variables: { input: benchmark.input, labels: benchmark.labels ?? [] },
    tools: {},
    finalTool: null,
    asksOnce: true,
    seedPath: [request.runSeed, benchmark.contentHash, request.repeat, agentType],
    meter,
    signal: ends,
    hurry,
  });
  const context = { judge: { modelOf, meter, hurry }, signal: ends, ...(commands && { commands }) };
  const grading =
    turn.failure === null
      ? await gradeAnswer(turn.text, benchmark, context)
      : ungradedTurn(turn.failure);
  const figures = {
    outcome: grading.outcome,
    costUsd: turn.costUsd,
    inputTokens: turn.usage.inputTokens,
    outputTokens: turn.usage.outputTokens,
    latencyMs: turn.latencyMs,
    failure: grading.failure,
  } as const;
  const fault = turn.fault ?? grading.fault;
  return {
    ...figures,
    costUsd: turn.costUsd + grading.costUsd,
    score: grading.score,
    agents: [{ ...figures, agentType, modelCalls: turn.modelCalls }],
    steps: turn.steps,
    criticVerdict: null,
    grades: grading.grades,
    simulated: model.simulated || judgedBySimulation(benchmark.grader),
    ...(fault && { fault }),
  };
}

/** An agent that broke off handed in nothing to judge. */
function ungradedTurn(failure: Failure): Grading {
  return { score: 0, outcome: "failure", failure, grades: [], costUsd: 0 };
}

function judgedBySimulation(grader: Grader): boolean {
  return judgeModels(grader).some(isSimulatedModel);
}
