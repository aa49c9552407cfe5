/**
 * The system `workbench`: a planner writes a plan, the engineer works with tools and submits a design, the critic
 * judges it; an objection gives the engineer one more round. The family's verifier decides, never the simulation.
 */
import { requireFamily } from "#workbench/families.ts";
import type { Problem, Verification } from "#workbench/problem.ts";
import { problemFromInput } from "#workbench/suite.ts";
import { createToolBox, type ToolBox } from "#workbench/tools.ts";
import type {
  AgentUsage,
  CriticVerdict,
  Failure,
  TraceStep,
  TrialResult,
} from "../domain/trial.ts";
import { AppError } from "../errors.ts";
import type { ResolvedModel } from "../llm/models.ts";
import { type AgentTurn, callAgent } from "./agent-call.ts";
import { namesEveryLimit, parseCriticVerdict } from "./judgements.ts";
import type { AgentTool } from "./tool-set.ts";
import type { HarnessPrompt, TrialRequest } from "./trial-request.ts";

const roles = ["planner", "engineer", "critic"] as const;
type Role = (typeof roles)[number];

export async function runWorkbench(
  request: TrialRequest,
  modelOf: (id: string) => ResolvedModel,
  signal: AbortSignal,
): Promise<TrialResult> {
  const problem = problemFromInput(request.benchmark.input);
  const box = createToolBox(problem);
  const turns: { role: Role; turn: AgentTurn }[] = [];
  const steps: TraceStep[] = [];
  const run = async (
    role: Role,
    round: number,
    variables: Record<string, unknown>,
    tools: Record<string, AgentTool> = {},
  ) => {
    const prompt = requirePrompt(request, role);
    const turn = await callAgent({
      agentType: role,
      prompt,
      model: modelOf(prompt.model),
      variables: { problem: problem.statement, ...variables },
      tools,
      finalTool: role === "engineer" ? "submit_solution" : null,
      asksOnce: false,
      seedPath: [request.runSeed, request.benchmark.contentHash, request.repeat, role, round],
      signal,
    });
    turns.push({ role, turn });
    steps.push(...turn.steps);
    return turn;
  };
  const plan = (await run("planner", 0, {})).text;
  await run("engineer", 0, { plan, objection: "" }, box.tools);
  let verdict: CriticVerdict | null = null;
  const judged = async (round: number) => {
    const { text } = await run("critic", round, { plan, design: describeSubmission(box) });
    const parsed = parseCriticVerdict(text);
    if (parsed === null)
      steps.push({
        agentType: "critic",
        kind: "error",
        text: `No verdict in: ${text.slice(0, 500)}`,
      });
    verdict = parsed ?? { pass: true, objection: "" };
    steps.push({
      agentType: "critic",
      kind: "critic-verdict",
      text: verdict.objection,
      data: verdict,
    });
    return verdict;
  };
  const first = await judged(0);
  if (!first.pass) await run("engineer", 1, { plan, objection: first.objection }, box.tools);
  const verification = verify(problem, box);
  const failure = failureOf(verification, turns);
  return {
    ...totals(turns),
    outcome: failure === null ? "success" : "failure",
    score: verification?.score ?? 0,
    failure,
    agents: roles.map((role) =>
      usageOf(role, turns, {
        plan,
        problem,
        verdict: first,
        verification,
        failure,
        firstDesignGood: box.firstVerified(problem),
      }),
    ),
    steps,
    criticVerdict: verdict,
    simulated: roles.some((role) => modelOf(requirePrompt(request, role).model).simulated),
  };
}

function requirePrompt(request: TrialRequest, role: Role): HarnessPrompt {
  const prompt = request.prompts[role];
  if (prompt === undefined)
    throw new AppError("invalid", `The workbench needs a prompt for its ${role}.`);
  return prompt;
}

function describeSubmission(box: ToolBox): string {
  const last = box.submissions.at(-1);
  return last === undefined ? "No design was submitted." : JSON.stringify(last);
}

function verify(problem: Problem, box: ToolBox): Verification | null {
  const last = box.submissions.at(-1);
  return last === undefined ? null : requireFamily(problem.family).verify(problem, last.design);
}

function failureOf(
  verification: Verification | null,
  turns: readonly { turn: AgentTurn }[],
): Failure | null {
  if (verification?.success) return null;
  if (verification === null) {
    const own = turns.map(({ turn }) => turn.failure).find((failure) => failure !== null);
    return (
      own ?? {
        errorClass: "no-submission",
        signature: "no-submission",
        message: "The run ended without a submitted design.",
      }
    );
  }
  const failed = verification.firstFailure;
  const name = failed?.name ?? "unknown";
  return {
    errorClass: "constraint-violated",
    signature: `constraint-violated/${name}`,
    message:
      failed === null
        ? "The design was refused."
        : `${name} is ${figure(failed.value)} ${failed.unit}, required ${failed.relation} ${figure(failed.limit)} ${failed.unit}.`,
    failedCheck: name,
  };
}

interface Judged {
  plan: string;
  problem: Problem;
  verdict: CriticVerdict;
  verification: Verification | null;
  failure: Failure | null;
  /** Whether the design that the critic saw first meets every requirement. */
  firstDesignGood: boolean;
}

/** Each agent is judged by its own task: a plan that names every limit, a design that holds, a verdict that is right. */
function usageOf(
  role: Role,
  turns: readonly { role: Role; turn: AgentTurn }[],
  judged: Judged,
): AgentUsage {
  const own = turns.filter((entry) => entry.role === role).map((entry) => entry.turn);
  const failure = own.find((turn) => turn.failure !== null)?.failure ?? ownFailure(role, judged);
  return {
    agentType: role,
    outcome: failure === null ? "success" : "failure",
    costUsd: sum(own.map((turn) => turn.costUsd)),
    inputTokens: sum(own.map((turn) => turn.usage.inputTokens)),
    outputTokens: sum(own.map((turn) => turn.usage.outputTokens)),
    latencyMs: sum(own.map((turn) => turn.latencyMs)),
    modelCalls: sum(own.map((turn) => turn.modelCalls)),
    failure,
  };
}

function ownFailure(role: Role, judged: Judged): Failure | null {
  if (role === "engineer") return judged.failure;
  if (role === "planner") {
    if (namesEveryLimit(judged.plan, judged.problem.statement)) return null;
    return {
      errorClass: "wrong-answer",
      signature: "plan/limit-missing",
      message: "The plan leaves out a numeric limit of the task.",
    };
  }
  if (judged.verdict.pass === judged.firstDesignGood) return null;
  return judged.verdict.pass
    ? {
        errorClass: "wrong-answer",
        signature: "critic/missed-error",
        message: "The critic passed a design that does not hold.",
      }
    : {
        errorClass: "wrong-answer",
        signature: "critic/false-alarm",
        message: "The critic refused a design that holds.",
      };
}

function totals(turns: readonly { turn: AgentTurn }[]) {
  return {
    costUsd: sum(turns.map(({ turn }) => turn.costUsd)),
    inputTokens: sum(turns.map(({ turn }) => turn.usage.inputTokens)),
    outputTokens: sum(turns.map(({ turn }) => turn.usage.outputTokens)),
    latencyMs: sum(turns.map(({ turn }) => turn.latencyMs)),
  };
}

function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "undefined";
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
