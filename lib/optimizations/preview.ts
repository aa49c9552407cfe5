import { dayOf } from "../budget/amounts.ts";
import { budgetStatus } from "../budget/status.ts";
import { type AgentType, listAgentTypes, requireAgentType } from "../db/agent-types.ts";
import { loadSuite } from "../db/benchmarks.ts";
import type { Database, Executor } from "../db/client.ts";
import { getPromptByVersion, type PromptRecord } from "../db/prompts.ts";
import { listProofs } from "../db/proofs.ts";
import type { Benchmark } from "../domain/benchmark.ts";
import { singleGraders } from "../domain/grader.ts";
import type { OptimizationConfig } from "../domain/optimization.ts";
import { AppError } from "../errors.ts";
import type { OptimizationPreview } from "../http/shapes/preview.ts";
import { agentWindow } from "../journal/agent-window.ts";
import { canonicalModelId, findPrice, isSimulatedModel } from "../llm/models.ts";
import type { PriceTable } from "../llm/prices.ts";
import { fitnessScores } from "../registry/fitness.ts";
import { productionPrompt } from "../registry/production.ts";
import { gainShare } from "./claim-shares.ts";
import { costMargin } from "./cost-margin.ts";
import {
  type MeasuredCosts,
  type MeasuredProposals,
  measuredPace,
  measuredProposals,
  measuredRuns,
  measuredTrials,
  type Range,
} from "./measured-costs.ts";
import { proposalCostsFromPrices, trialCostsFromPrices } from "./price-bounds.ts";
import { proofEntrants } from "./proof-entrants.ts";
import { familyAlpha, type ProofOutlook, proofOutlook } from "./proof-outlook.ts";
import {
  planStages,
  provableGroupsMin,
  type StagePlan,
  suiteFacts,
  trialsOfPlan,
} from "./stage-plan.ts";

type Source = OptimizationPreview["sources"]["task"];

export interface PreviewRequest {
  agentType: string;
  config: OptimizationConfig;
  /** Prices of the operator, over the list. */
  prices: PriceTable;
  now: Date;
  /** Version to start from; today's production prompt when absent. */
  fromVersion?: string;
}

/**
 * What an optimization would take in calls, USD and time, each as a range, and where the figures come from. Nothing is
 * written. Throws AppError("not-found") for an unknown agent type or version, AppError("conflict") for one without a prompt in
 * production.
 */
export async function previewOptimization(
  db: Database,
  { agentType, config, prices, now, fromVersion }: PreviewRequest,
): Promise<OptimizationPreview> {
  const agent = await requireAgentType(db, agentType);
  const prompt = await requireIncumbent(db, agentType, fromVersion);
  const entrants = await proofEntrants(db, config, { agent, incumbent: prompt });
  const { items } = await listAgentTypes(db);
  const companions = items.filter(
    ({ name, system }) => system !== "single" && system === agent.system && name !== agentType,
  );
  const modelOf = (one: AgentType) => canonicalModelId(config.model ?? one.defaultModel);
  const model = canonicalModelId(prompt.parameters.model ?? modelOf(agent));
  const proposerModel = canonicalModelId(config.proposerModel ?? modelOf(agent));
  const suite = await loadSuite(db, agent.suite);
  const { plan, proof } = await proofFigures(db, { agent, prompt, config, suite });
  const trials = trialsOfPlan(plan, config.prove.length > 0);
  const task = await taskFigures(db, { agent, prompt, companions, config, model, prices });
  const proposer = await proposerFigures(db, {
    agentType,
    prompt,
    config,
    plan,
    proposerModel,
    prices,
  });
  const time = await timeFigures(db, { agentType, config, trials, task, model });
  const taskUsd = scaled(task.costs?.costUsd ?? null, trials, costMargin);
  const proposerUsd = scaled(proposer.costUsd, proposer.calls, 1);
  const totalUsd =
    taskUsd === null || proposerUsd === null
      ? null
      : { low: taskUsd.low + proposerUsd.low, high: taskUsd.high + proposerUsd.high };
  const day = await budgetStatus(db, dayOf(now));
  const preview = {
    agentType,
    incumbent: { id: prompt.id, version: prompt.version },
    proves: entrants.map(({ id, version }) => ({ id, version })),
    model,
    proposerModel,
    simulated: [model, proposerModel, ...companions.map(modelOf)].some(isSimulatedModel),
    config,
    plan,
    proof,
    trials,
    taskCalls: rounded(scaled(task.costs?.modelCalls ?? { low: 1, high: 1 }, trials, 1)),
    proposerCalls: proposer.calls,
    judgeCalls: judgeCallsOf(suite, trials),
    taskUsd,
    proposerUsd,
    totalUsd,
    keptForConfirmationUsd:
      task.costs === null
        ? null
        : costMargin * (plan.proof.trials + plan.guards.trials) * middle(task.costs.costUsd),
    durationMs: time.durationMs,
    sources: { task: task.source, proposer: proposer.source, time: time.source },
    caps: {
      run: { capUsd: config.budget.runCapUsd, ends: endsAt(totalUsd, config.budget.runCapUsd) },
      day: {
        capUsd: day.capUsd,
        remainingUsd: day.remainingUsd,
        ends: endsAt(totalUsd, day.remainingUsd),
      },
    },
  };
  return { ...preview, cautions: cautionsOf(preview) };
}

async function requireIncumbent(
  db: Executor,
  agentType: string,
  version: string | undefined,
): Promise<PromptRecord> {
  if (version !== undefined) {
    const found = await getPromptByVersion(db, agentType, version);
    if (found !== null) return found;
    throw new AppError("not-found", `The agent type "${agentType}" has no version ${version}.`);
  }
  const production = await productionPrompt(db, agentType);
  if (production !== null) return production.prompt;
  throw new AppError(
    "conflict",
    `The agent type "${agentType}" has no prompt in production. Approve or install one first.`,
  );
}

/** The stages' sizes and what their proof can show. */
async function proofFigures(
  db: Executor,
  input: {
    agent: AgentType;
    prompt: PromptRecord;
    config: OptimizationConfig;
    suite: readonly Benchmark[];
  },
): Promise<{ plan: StagePlan; proof: ProofOutlook }> {
  const { agent, prompt, config, suite: benchmarks } = input;
  const suite = suiteFacts(benchmarks);
  const plan = planStages({
    config,
    suite,
    repeats: agent.repeats ?? "unknown",
    hasRequired: benchmarks.some(({ required, sealed }) => required && !sealed),
  });
  const proofs = await listProofs(db, { incumbentId: prompt.id, suite: agent.suite });
  const today = await successToday(db, agent, prompt);
  const { nonInferiorityMargin: margin } = agent;
  return { plan, proof: proofOutlook({ benchmarks, suite, plan, margin, proofs, today }) };
}

/** Success of the prompt to start from: what proofs confirmed, else what the journal shows, else half. */
async function successToday(
  db: Executor,
  agent: AgentType,
  { id }: PromptRecord,
): Promise<{ rate: number; from: ProofOutlook["todayFrom"] }> {
  const figure = (await fitnessScores(db, [id])).get(id);
  if (figure?.kind === "confirmed") return { rate: figure.value, from: "proofs" };
  const window = await agentWindow(db, agent.name, agent.thresholds.windowRuns, id);
  return window.runs >= agent.thresholds.minimumRuns
    ? { rate: window.success.value, from: "journal" }
    : { rate: 0.5, from: "assumed" };
}

/** Each trial is scored once by each judge of its benchmark. */
function judgeCallsOf(suite: readonly Benchmark[], trials: Range): Range {
  const judges = suite.flatMap(({ grader }) =>
    singleGraders(grader).filter(({ kind }) => kind === "judge"),
  );
  const perTrial = suite.length === 0 ? 0 : judges.length / suite.length;
  return rounded(scaled({ low: perTrial, high: perTrial }, trials, 1));
}

async function taskFigures(
  db: Executor,
  input: {
    agent: AgentType;
    prompt: PromptRecord;
    companions: readonly AgentType[];
    config: OptimizationConfig;
    model: string;
    prices: PriceTable;
  },
): Promise<{ costs: MeasuredCosts | null; source: Source }> {
  const { agent, config, model } = input;
  const trials = await measuredTrials(db, { agentType: agent.name, model: config.model });
  if (trials !== null) return { costs: trials, source: { from: "trials", n: trials.n } };
  // A run of the journal is one agent's part: it says what a trial costs only where the agent works alone.
  const runs =
    agent.system === "single" ? await measuredRuns(db, { agentType: agent.name, model }) : null;
  if (runs !== null) return { costs: runs, source: { from: "runs", n: runs.n } };
  const costs = await trialCostsFromPrices(db, input);
  return { costs, source: { from: costs === null ? "nothing" : "prices", n: 0 } };
}

/** A child that leaves the race at once takes the first rung; one that stays takes several. */
const trialsOfChild: Range = { low: 6, high: 20 };

/** Calls for each child where no earlier run tells: half of the operators ask no model, some ask for several versions. */
const callsPerChildUnknown: Range = { low: 0.5, high: 3 };

async function proposerFigures(
  db: Executor,
  input: {
    agentType: string;
    prompt: PromptRecord;
    config: OptimizationConfig;
    plan: StagePlan;
    proposerModel: string;
    prices: PriceTable;
  },
): Promise<{ calls: Range; costUsd: Range | null; source: Source }> {
  const { agentType, prompt, config, proposerModel, prices } = input;
  const none = { low: 0, high: 0 };
  // A proof writes no prompt.
  if (config.prove.length > 0)
    return { calls: none, costUsd: none, source: { from: "nothing", n: 0 } };
  const { trials: raced } = input.plan.race;
  const earlier: MeasuredProposals | null = await measuredProposals(db, {
    agentType,
    model: config.model,
    proposerModel: config.proposerModel,
  });
  const perChild = earlier?.callsPerChild ?? callsPerChildUnknown;
  const calls = {
    low: Math.floor((perChild.low * raced) / trialsOfChild.high),
    high: Math.ceil((perChild.high * raced) / trialsOfChild.low),
  };
  if (earlier !== null)
    return { calls, costUsd: earlier.costUsd, source: { from: "optimizations", n: earlier.n } };
  const price = findPrice(proposerModel, prices);
  return price === null
    ? { calls, costUsd: null, source: { from: "nothing", n: 0 } }
    : {
        calls,
        costUsd: proposalCostsFromPrices(prompt, price),
        source: { from: "prices", n: 0 },
      };
}

async function timeFigures(
  db: Executor,
  input: {
    agentType: string;
    config: OptimizationConfig;
    trials: Range;
    task: { costs: MeasuredCosts | null; source: Source };
    model: string;
  },
): Promise<{ durationMs: Range | null; source: Source }> {
  const { agentType, config, trials, task, model } = input;
  const pace = await measuredPace(db, { agentType, model: config.model });
  if (pace !== null) {
    return {
      durationMs: {
        low: (pace.low * trials.low) / config.concurrency,
        high: (pace.high * trials.high) / config.concurrency,
      },
      source: { from: "optimizations", n: pace.n },
    };
  }
  // The latency of a simulation is told, not waited for.
  const costs = task.costs;
  if (costs === null || costs.n === 0 || isSimulatedModel(model))
    return { durationMs: null, source: { from: "nothing", n: 0 } };
  return {
    durationMs: {
      low: (costs.latencyMs.low * trials.low) / config.concurrency,
      // Places stand idle at the end of each block of a race.
      high: (2 * costs.latencyMs.high * trials.high) / config.concurrency,
    },
    source: task.source,
  };
}

/** The margin widens the upper end alone. */
function scaled(each: Range | null, times: Range, margin: number): Range | null {
  if (each === null) return null;
  return { low: each.low * times.low, high: each.high * times.high * margin };
}

function rounded(range: Range | null): Range {
  return { low: Math.floor(range?.low ?? 0), high: Math.ceil(range?.high ?? 0) };
}

function middle({ low, high }: Range): number {
  return (low + high) / 2;
}

function endsAt(totalUsd: Range | null, capUsd: number): "no" | "perhaps" | "surely" {
  if (totalUsd === null) return "perhaps";
  if (totalUsd.low > capUsd) return "surely";
  return totalUsd.high > capUsd ? "perhaps" : "no";
}

function cautionsOf(preview: Omit<OptimizationPreview, "cautions">): string[] {
  const { caps, sources, keptForConfirmationUsd: kept, totalUsd, simulated } = preview;
  const lines: string[] = proofCautions(preview.proof);
  if (preview.config.prove.length === 0 && preview.plan.race.trials === 0)
    lines.push(
      "These sizes leave no call for the search: no new prompt would be tried. Raise the budget of calls or leave sizes out.",
    );
  if (totalUsd === null)
    lines.push("A model has no price in the table, so the cost cannot be told beforehand.");
  else if (sources.task.from === "prices")
    lines.push(
      "Nothing was measured for this agent and model so far: the cost is a bound from list prices and wide.",
    );
  if (caps.run.ends === "surely")
    lines.push("The cap of the run would end it early: even the least estimate is above it.");
  else if (kept !== null && kept > caps.run.capUsd)
    lines.push("The proof of the finalists alone may cost more than the cap of the run.");
  if (caps.day.ends === "surely")
    lines.push("What is left of the day's budget would end it early; it can be resumed tomorrow.");
  if (simulated) lines.push("The model is simulated: no money is billed and no result is real.");
  return lines;
}

function proofCautions(proof: ProofOutlook): string[] {
  const lines: string[] = [];
  if (!proof.provable)
    lines.push(
      `This suite can be searched and nothing can be proven on it: it has ${proof.sealedGroups} sealed rows of ${proof.groups} different ones, and a proof needs ${provableGroupsMin}. Import rows until it has ${2 * provableGroupsMin}.`,
    );
  else if (proof.smallestGain === null)
    lines.push(
      "With these calls no gain can be proven four times in five. Raise the budget of calls or import rows.",
    );
  if (proof.provable && proof.ordinal > 1)
    lines.push(
      `It would be proof number ${proof.ordinal} against this prompt, so a gain has to show at ${(proof.alpha * gainShare).toPrecision(2)} instead of ${(familyAlpha * gainShare * 0.5).toPrecision(2)}. Fresh rows do not renew that, a new prompt in production does.`,
    );
  if (proof.provable && proof.freshGroups < proof.rows)
    lines.push(
      `${proof.freshGroups} sealed rows were never opened against this prompt, the proof takes ${proof.rows}: import fresh rows to widen the sample.`,
    );
  return lines;
}
