/**
 * Foreign text becomes a trial's result. Whatever is wrong with it is a failed trial that says why: nothing that an
 * agent can send throws, hangs a run or reaches the database unbounded.
 */
import { z } from "zod";
import { storableText } from "#lib/db/json.ts";
import type { Grade } from "#lib/domain/grader.ts";
import type { Failure, ProviderFault, TraceStep, TrialResult } from "#lib/domain/trial.ts";
import { type GradingContext, gradeAnswer } from "#lib/harness/graders.ts";
import { isSimulatedModel } from "#lib/llm/models.ts";
import {
  contractVersion,
  type GradedAnswer,
  gradedAnswer,
  type RawAnswer,
  rawAnswer,
} from "./contract.ts";
import type { ExecutorTask, Reply } from "./executor.ts";
import { keptTrace } from "./kept-trace.ts";
import { type CostRules, costOf } from "./reported-cost.ts";

export interface ReadRules extends CostRules {
  simulated: boolean;
  /** What graders of raw output may use, within what the trial may still cost in USD (null: without a limit). */
  grading: (limitUsd: number | null) => GradingContext;
}

/** The result of the trial that this reply belongs to. Never rejects. */
export async function readAnswer(
  task: ExecutorTask,
  reply: Reply,
  { rules, tookMs }: { rules: ReadRules; tookMs: number },
): Promise<TrialResult> {
  const read = reply.ok ? parseAnswer(reply.text) : null;
  const figures = {
    costUsd: 0,
    inputTokens: 0,
    outputTokens: 0,
    latencyMs: tookMs,
    steps: [] as TraceStep[],
    simulated:
      rules.simulated ||
      Object.values(task.request.prompts).some(({ model }) => isSimulatedModel(model)),
  };
  if (!reply.ok) {
    const unknown = costWhereUnknown(task, rules, reply.mayHaveCost);
    const failure = failureOf(reply.errorClass, reply.cause, `${reply.message}${unknown.said}`);
    const { fault } = reply;
    const blamed = { ...figures, ...(fault && { fault }) };
    return resultOf(task, { ...blamed, costUsd: unknown.costUsd, score: 0, failure });
  }
  if (read === null || !read.ok) {
    const message = read?.message ?? "There is no answer.";
    const unknown = costWhereUnknown(task, rules, true);
    const failure = failureOf(
      "executor-error",
      read?.cause ?? "no answer",
      `${message}${unknown.said}`,
    );
    return resultOf(task, { ...figures, costUsd: unknown.costUsd, score: 0, failure });
  }
  return resultOfAnswer(task, read.answer, { rules, figures });
}

type Parsed =
  | { ok: true; answer: RawAnswer | GradedAnswer }
  | { ok: false; cause: string; message: string };

function parseAnswer(text: string): Parsed {
  if (text.trim() === "")
    return { ok: false, cause: "empty answer", message: "The answer is empty." };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    const number = /\b-?(NaN|Infinity)\b/.exec(text)?.[1];
    if (number !== undefined) {
      const message = `The answer contains ${number}, which JSON has no number for. Send null or leave the field out.`;
      return { ok: false, cause: "not a number", message };
    }
    const message = `The answer is not JSON. It begins: ${excerpt(text)}`;
    return { ok: false, cause: "not JSON", message };
  }
  if (typeof data !== "object" || data === null || Array.isArray(data))
    return { ok: false, cause: "not an object", message: "The answer is JSON, but not an object." };
  return parseObject({ ...data });
}

function parseObject(data: Record<string, unknown>): Parsed {
  if (data.contract !== contractVersion) {
    const message = `The answer must say "contract": ${contractVersion}; it says ${excerpt(JSON.stringify(data.contract) ?? "nothing")}.`;
    return { ok: false, cause: "wrong contract", message };
  }
  const { trace, ...rest } = data;
  // A million steps are cut before anybody checks them one by one.
  const bounded = trace === undefined ? rest : { ...rest, trace: keptTrace(trace) };
  const schema = "output" in bounded ? rawAnswer : gradedAnswer;
  const parsed = schema.safeParse(bounded);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const at = first?.path.join(".") ?? "";
    const message = `The answer is not as the contract says. ${z.prettifyError(parsed.error).slice(0, 600)}`;
    return { ok: false, cause: `not as the contract says/${at}`, message };
  }
  const { data: answer } = parsed;
  if (!("output" in answer) && answer.score === undefined && !hasScores(answer)) {
    const message = 'The answer has neither "score" nor "scores", and no "output" to be graded.';
    return { ok: false, cause: "missing score", message };
  }
  return { ok: true, answer };
}

const hasScores = ({ scores }: GradedAnswer) => Object.keys(scores ?? {}).length > 0;

async function resultOfAnswer(
  task: ExecutorTask,
  answer: RawAnswer | GradedAnswer,
  { rules, figures }: { rules: ReadRules; figures: Omit<Figures, "score" | "failure"> },
): Promise<TrialResult> {
  const reported = {
    ...figures,
    inputTokens: answer.tokens?.input ?? 0,
    outputTokens: answer.tokens?.output ?? 0,
    latencyMs: answer.latency_ms ?? figures.latencyMs,
    steps: (answer.trace ?? []).map(
      (step): TraceStep => ({
        agentType: storableText(step.agent_type),
        kind: step.kind,
        text: storableText(step.text),
        ...(step.tool_name ? { toolName: storableText(step.tool_name) } : {}),
        ...(step.data === undefined ? {} : { data: step.data }),
      }),
    ),
  };
  const cost = costOf(task, answer, rules);
  if (!cost.ok) {
    const unknown = costWhereUnknown(task, rules, true);
    const failure = failureOf("executor-error", "no cost", `${cost.message}${unknown.said}`);
    return resultOf(task, { ...reported, costUsd: unknown.costUsd, score: 0, failure });
  }
  const limit = task.request.costLimitUsd;
  if (limit !== null && cost.costUsd > limit) {
    const message = `The trial cost ${cost.costUsd} USD, more than its limit of ${limit} USD.`;
    const failure = failureOf("over-budget", null, message);
    return resultOf(task, { ...reported, costUsd: cost.costUsd, score: 0, failure });
  }
  if (!("output" in answer))
    return resultOf(task, { ...reported, costUsd: cost.costUsd, ...gradeReported(answer) });
  const context = rules.grading(limit === null ? null : limit - cost.costUsd);
  const graded = await gradeOutput(answer.output, task, context);
  return resultOf(task, { ...reported, ...graded, costUsd: cost.costUsd + graded.costUsd });
}

interface Figures {
  costUsd: number;
  inputTokens: number;
  outputTokens: number;
  latencyMs: number;
  steps: TraceStep[];
  simulated: boolean;
  score: number;
  failure: Failure | null;
  grades?: Grade[];
  fault?: ProviderFault;
}

function resultOf(
  task: ExecutorTask,
  { steps, simulated, score, grades = [], fault, ...rest }: Figures,
): TrialResult {
  const figures = { outcome: rest.failure === null ? "success" : "failure", ...rest } as const;
  // Of several agents only their sum is known.
  const alone = Object.keys(task.request.prompts).length === 1;
  return {
    ...figures,
    score,
    agents: alone ? [{ ...figures, agentType: task.agentType, modelCalls: 0 }] : [],
    steps,
    criticVerdict: null,
    grades,
    simulated,
    ...(fault && { fault }),
  };
}

/** The only place that grades a foreign agent's words. */
async function gradeOutput(
  output: string,
  { request }: ExecutorTask,
  context: GradingContext,
): Promise<Pick<Figures, "score" | "failure" | "costUsd" | "fault"> & { grades: Grade[] }> {
  const graded = await gradeAnswer(output, request.benchmark, context);
  const { score, failure, grades, costUsd, fault } = graded;
  const stored = failure === null ? null : storableFailure(failure);
  return { score, grades, costUsd, failure: stored, ...(fault && { fault }) };
}

function gradeReported(
  answer: GradedAnswer,
): Pick<Figures, "score" | "failure"> & { grades: Grade[] } {
  const marks = Object.values(answer.scores ?? {});
  const mean = marks.reduce((sum, mark) => sum + mark, 0) / Math.max(1, marks.length);
  const score = answer.score ?? mean;
  const passed = answer.outcome === "success";
  const grades = Object.entries(answer.scores ?? {}).map(([grader, mark]): Grade => {
    const reason = null;
    // The agent says only of the whole whether it passed.
    return {
      grader: storableText(grader),
      score: mark,
      pass: passed || mark === 1,
      reason,
      costUsd: 0,
    };
  });
  if (passed) return { score, failure: null, grades };
  const said = storableText(answer.error ?? "").trim();
  const low = Object.entries(answer.scores ?? {}).find(([, mark]) => mark < 1)?.[0];
  const failure = {
    ...failureOf(
      "reported",
      low ?? (said === "" ? null : said.slice(0, 80)),
      said || "The agent judged its answer a failure.",
    ),
    ...(low === undefined ? {} : { failedCheck: storableText(low) }),
  };
  return { score, failure, grades };
}

/** An agent that may have worked and did not say at what cost is counted at its limit: a cap must hold all the same. */
function costWhereUnknown(
  { request: { costLimitUsd } }: ExecutorTask,
  { free }: ReadRules,
  mayHaveCost: boolean,
): { costUsd: number; said: string } {
  if (free || !mayHaveCost || costLimitUsd === null) return { costUsd: 0, said: "" };
  return {
    costUsd: costLimitUsd,
    said: ` Its cost is not known and counted as ${costLimitUsd} USD, the limit.`,
  };
}

function failureOf(
  errorClass: Failure["errorClass"],
  cause: string | null,
  message: string,
): Failure {
  const signature = cause === null ? errorClass : `${errorClass}/${cause}`;
  return storableFailure({ errorClass, signature, message });
}

function storableFailure(failure: Failure): Failure {
  const { signature, message } = failure;
  return {
    ...failure,
    signature: storableText(signature).slice(0, 200),
    message: storableText(message).slice(0, 4_000),
  };
}

function excerpt(text: string): string {
  return JSON.stringify(text.trim().slice(0, 120));
}
