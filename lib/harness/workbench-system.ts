/**
 * The system `workbench`: a planner writes a plan, the engineer works with tools and submits a design, the critic
 * judges it; an objection gives the engineer one more round. The family's verifier decides, never the simulation.
 */
import { requireFamily } from "#workbench/families.ts";
import type { Problem, Verification } from "#workbench/problem.ts";
import { problemFromInput } from "#workbench/suite.ts";
import { createToolBox, type ToolBox } from "#workbench/tools.ts";
import type { CriticVerdict, TraceStep, TrialResult } from "../domain/trial.ts";
import { AppError } from "../errors.ts";
import type { ResolvedModel } from "../llm/models.ts";
import { type AgentTurn, callAgent } from "./agent-call.ts";
import { CostMeter } from "./cost-meter.ts";
import { parseCriticVerdict } from "./judgements.ts";
import type { HarnessPrompt, TrialRequest } from "./trial-request.ts";
import { stepText } from "./turn-steps.ts";
import {
  agentUsages,
  breaks,
  type RoleTurn,
  runFailure,
  totals,
  type WorkbenchRole,
  type WorkbenchRun,
  workbenchRoles,
} from "./workbench-judgement.ts";

/** The tool by which the engineer hands in a design. */
const submissionTool = "submit_solution";

/** What the agents of one run share. */
interface Scene {
  request: TrialRequest;
  modelOf: (id: string) => ResolvedModel;
  signal: AbortSignal;
  hurry: AbortSignal;
  meter: CostMeter;
  problem: Problem;
  box: ToolBox;
  turns: RoleTurn[];
  steps: TraceStep[];
}

export async function runWorkbench(
  request: TrialRequest,
  modelOf: (id: string) => ResolvedModel,
  { ends: signal, hurry }: { ends: AbortSignal; hurry: AbortSignal },
): Promise<TrialResult> {
  const problem = problemFromInput(request.benchmark.input);
  const box = createToolBox(problem);
  const meter = new CostMeter(request.costLimitUsd);
  const shared = { request, modelOf, signal, hurry, meter, problem, box };
  const scene: Scene = { ...shared, turns: [], steps: [] };
  const talk = await runAgents(scene);
  const run: WorkbenchRun = {
    problem,
    turns: scene.turns,
    ...talk,
    verification: verify(scene),
  };
  const failure = runFailure(run);
  const fault = run.turns.find(({ turn }) => breaks(turn))?.turn.fault;
  return {
    ...totals(run.turns),
    outcome: failure === null ? "success" : "failure",
    score: scoreOf(run),
    failure,
    agents: agentUsages(run),
    steps: scene.steps,
    criticVerdict: talk.firstVerdict,
    simulated: workbenchRoles.some((role) => modelOf(requirePrompt(request, role).model).simulated),
    ...(fault && { fault }),
  };
}

/** Share of satisfied requirements; a run that broke off has reached nothing. */
function scoreOf({ turns, verification }: WorkbenchRun): number {
  return turns.some(({ turn }) => breaks(turn)) ? 0 : (verification?.score ?? 0);
}

/** The talk between the agents; it ends early when one of them breaks off. */
async function runAgents(
  scene: Scene,
): Promise<Pick<WorkbenchRun, "plan" | "firstVerdict" | "firstVerification">> {
  const planned = await takeTurn(scene, "planner", 0, {});
  const plan = planned.text;
  if (breaks(planned)) return { plan, firstVerdict: null, firstVerification: null };
  const worked = await takeTurn(scene, "engineer", 0, { plan, objection: "" });
  const firstVerification = verify(scene);
  if (breaks(worked)) return { plan, firstVerdict: null, firstVerification };
  const judged = await takeTurn(scene, "critic", 0, { plan, design: submittedDesign(scene.box) });
  if (breaks(judged)) return { plan, firstVerdict: null, firstVerification };
  const firstVerdict = verdictOf(scene, judged.text);
  if (!firstVerdict.pass)
    await takeTurn(scene, "engineer", 1, { plan, objection: firstVerdict.objection });
  return { plan, firstVerdict, firstVerification };
}

async function takeTurn(
  { request, modelOf, signal, hurry, meter, problem, box, turns, steps }: Scene,
  role: WorkbenchRole,
  round: number,
  variables: Record<string, unknown>,
): Promise<AgentTurn> {
  const prompt = requirePrompt(request, role);
  const turn = await callAgent({
    agentType: role,
    prompt,
    model: modelOf(prompt.model),
    variables: { problem: problem.statement, ...variables },
    tools: role === "engineer" ? box.tools : {},
    finalTool: role === "engineer" ? submissionTool : null,
    asksOnce: false,
    seedPath: [request.runSeed, request.benchmark.contentHash, request.repeat, role, round],
    meter,
    signal,
    hurry,
  });
  turns.push({ role, turn });
  steps.push(...turn.steps);
  return turn;
}

/** The critic's verdict as data; a reply without one passes the design, since nobody objected. */
function verdictOf({ steps }: Scene, reply: string): CriticVerdict {
  const parsed = parseCriticVerdict(reply);
  if (parsed === null) {
    const text = stepText(`The critic's reply holds no verdict: ${reply.slice(0, 500)}`);
    steps.push({ agentType: "critic", kind: "error", text });
  }
  const verdict = parsed ?? { pass: true, objection: "" };
  steps.push({
    agentType: "critic",
    kind: "critic-verdict",
    text: stepText(verdict.objection),
    data: verdict,
  });
  return verdict;
}

function requirePrompt(request: TrialRequest, role: WorkbenchRole): HarnessPrompt {
  const prompt = request.prompts[role];
  if (prompt === undefined)
    throw new AppError("invalid", `The workbench needs a prompt for its ${role}.`);
  return prompt;
}

/** What the critic sees: the submission as the engineer handed it in, with its own words. */
function submittedDesign({ submissions }: ToolBox): string {
  const last = submissions.at(-1);
  return last === undefined ? "No design was submitted." : JSON.stringify(last);
}

function verify({ problem, box }: Scene): Verification | null {
  const last = box.submissions.at(-1);
  return last === undefined ? null : requireFamily(problem.family).verify(problem, last.design);
}
