import type { TrialResult } from "../domain/trial.ts";
import { AppError } from "../errors.ts";
import type { ResolvedModel } from "../llm/models.ts";
import { callAgent } from "./agent-call.ts";
import { CostMeter } from "./cost-meter.ts";
import { gradeAnswer } from "./graders.ts";
import type { TrialRequest } from "./trial-request.ts";

/** The system `single`: one agent, one call, its answer judged by the benchmark's grader. */
export async function runSingleAgent(
  request: TrialRequest,
  modelOf: (id: string) => ResolvedModel,
  signal: AbortSignal,
): Promise<TrialResult> {
  const entry = Object.entries(request.prompts)[0];
  if (entry === undefined) throw new AppError("internal", "A trial needs a prompt.");
  const [agentType, prompt] = entry;
  const { benchmark } = request;
  const model = modelOf(prompt.model);
  const turn = await callAgent({
    agentType,
    prompt,
    model,
    variables: { input: benchmark.input, labels: benchmark.labels ?? [] },
    tools: {},
    finalTool: null,
    asksOnce: true,
    seedPath: [request.runSeed, benchmark.contentHash, request.repeat, agentType],
    meter: new CostMeter(request.costLimitUsd),
    signal,
  });
  const grade =
    turn.failure === null ? gradeAnswer(turn.text, benchmark) : { score: 0, failure: turn.failure };
  const outcome = grade.score === 1 ? "success" : "failure";
  const figures = {
    outcome,
    costUsd: turn.costUsd,
    inputTokens: turn.usage.inputTokens,
    outputTokens: turn.usage.outputTokens,
    latencyMs: turn.latencyMs,
    failure: grade.failure,
  } as const;
  return {
    ...figures,
    score: grade.score,
    agents: [{ ...figures, agentType, modelCalls: turn.modelCalls }],
    steps: turn.steps,
    criticVerdict: null,
    simulated: model.simulated,
  };
}
