/**
 * A model as judge. It sees the task, the expected answer, the rubric and the answer; never the prompt under test, the
 * arm, the agent's name or its trace. What it sees is data between marks that no answer can foresee.
 */
import { AppError } from "../errors.ts";
import { type CostMeter, TrialCostLimit } from "../harness/cost-meter.ts";
import {
  completeText,
  highestCostUsd,
  ModelUnavailable,
  type TextCallControls,
  type TextReply,
  type TextRequest,
} from "../llm/complete.ts";
import type { ResolvedModel } from "../llm/models.ts";
import {
  answerBytesMax,
  type JudgedAnswer,
  type JudgeGrader,
  judgeRequest,
  readJudgeVerdict,
} from "./judge-request.ts";
import { type Judgement, scored, ungraded, wrong } from "./judgement.ts";

/** Asks a model for one reply. */
export type AskModel = (
  model: ResolvedModel,
  request: TextRequest,
  controls: TextCallControls,
) => Promise<TextReply>;

export interface JudgeContext {
  modelOf: (id: string) => ResolvedModel;
  /** Shared with the trial: the limit of what it may cost holds for the judge too. */
  meter: CostMeter;
  signal: AbortSignal;
  /** Ends pauses between attempts at a call. */
  hurry?: AbortSignal;
  /** Asks the judge; by default its provider, each time anew. */
  ask?: AskModel;
}

/** Asks the pinned model. What it does wrong, or cannot do within the trial's cost, is a failed grading. */
export async function gradeByJudge(
  grader: JudgeGrader,
  judged: JudgedAnswer,
  { modelOf, meter, signal, hurry, ask = askInShape }: JudgeContext,
): Promise<Judgement> {
  const request = judgeRequest(grader, judged);
  try {
    const model = modelOf(grader.model);
    const shape = JSON.stringify(request.answerSchema ?? "");
    meter.admit(request.system + request.user + shape, request.maxOutputTokens, model.price);
    const controls = { signal, limitUsd: meter.leftUsd, ...(hurry && { hurry }) };
    const reply = await ask(model, request, controls);
    return { ...judgementOf(grader, reply.text), costUsd: meter.book(reply.costUsd) };
  } catch (error) {
    if (error instanceof TrialCostLimit)
      return {
        score: 0,
        failure: {
          errorClass: "over-budget",
          signature: "over-budget/judge",
          message: error.message,
        },
      };
    const { fault, costUsd } =
      error instanceof ModelUnavailable ? error : { fault: undefined, costUsd: 0 };
    meter.book(costUsd);
    // Nobody can say what a call without an answer was billed.
    const counted = costUsd > 0 ? " It is counted at the most it can have cost." : "";
    if (signal.aborted) {
      const words = `The judge did not answer within the run's time limit.${counted}`;
      return { ...ungraded("judge timeout", words), costUsd };
    }
    if (error instanceof AppError) {
      const words = `The judge could not be asked: ${error.message}${counted}`;
      return { ...ungraded("judge unavailable", words), costUsd, ...(fault && { fault }) };
    }
    throw error;
  }
}

/** Servers that cannot hold a model to a shape refuse the request, which costs nothing: they are asked without it. */
export async function askInShape(
  model: ResolvedModel,
  request: TextRequest,
  controls: TextCallControls,
): Promise<TextReply> {
  try {
    return await completeText(model, request, controls);
  } catch (error) {
    const status = error instanceof ModelUnavailable ? error.details?.status : null;
    if (request.answerSchema === undefined || (status !== 400 && status !== 422)) throw error;
    const { answerSchema: _shape, ...plain } = request;
    return completeText(model, plain, controls);
  }
}

/** The most that one verdict can cost in USD, whatever the answer: what a trial reserves for it. */
export function highestJudgeCostUsd(
  grader: JudgeGrader,
  task: string,
  expected: string,
  model: ResolvedModel,
): number {
  // A token is at least one byte.
  const answer = "x".repeat(answerBytesMax);
  return highestCostUsd(model, judgeRequest(grader, { task, expected, answer, labels: null }));
}

/** A verdict as a judgement by the grader's threshold. */
function judgementOf(grader: JudgeGrader, reply: string): Judgement {
  const verdict = readJudgeVerdict(grader, reply);
  if ("fault" in verdict) return ungraded("judge no-verdict", verdict.fault);
  const { score, given, reason } = verdict;
  const judgement = scored(score, grader.threshold, () =>
    wrong("judge", `The judge gave ${given}: ${reason}`),
  );
  return { ...judgement, remark: reason };
}
