import { randomUUID } from "node:crypto";
import { type AgentType, type AgentTypeInput, saveAgentType } from "#lib/db/agent-types.ts";
import type { Database, Executor } from "#lib/db/client.ts";
import { finishExperiment, startExperiment } from "#lib/db/experiments.ts";
import { type PromptRecord, requirePrompt } from "#lib/db/prompts.ts";
import type { Estimate, Verdict } from "#lib/domain/experiment.ts";
import { type PromptGenome, promptParameters } from "#lib/domain/prompt.ts";
import type { JournalRunInput } from "#lib/journal/run-input.ts";
import { createPrompt, type NewPrompt } from "#lib/registry/create-prompt.ts";
import { transitionPrompt } from "#lib/registry/lifecycle.ts";
import { installProduction } from "#lib/registry/production.ts";

/** A genome with defaults in everything but its text. */
export function genomeOf(content: string, tools: string[] = []): PromptGenome {
  return { content, parameters: promptParameters.parse({}), tools };
}

export function makeAgentType(
  db: Executor,
  input: Partial<AgentTypeInput> = {},
): Promise<AgentType> {
  return saveAgentType(db, {
    name: "engineer",
    system: "single",
    suite: "test",
    description: "An agent of the tests.",
    allowedTools: ["calculator", "simulate"],
    defaultModel: "simulated",
    ...input,
  });
}

/** A draft; its text is new on each call unless one is given. */
export async function makePrompt(
  db: Database,
  input: Partial<NewPrompt> & { content?: string } = {},
): Promise<PromptRecord> {
  const { content = `Solve the problem. ${randomUUID()}`, ...rest } = input;
  const { prompt } = await createPrompt(db, {
    agentType: "engineer",
    genome: genomeOf(content),
    change: "person",
    parents: [],
    createdBy: "test",
    message: "made by a test",
    ...rest,
  });
  return prompt;
}

/** The first production prompt of an agent type, with the prod tag at generation 1. */
export async function makeProduction(
  db: Database,
  input: Partial<NewPrompt> = {},
): Promise<PromptRecord> {
  const { id } = await makePrompt(db, { change: "seed", ...input });
  await installProduction(db, { promptId: id, actor: "test", reason: "first prompt" });
  return requirePrompt(db, id);
}

/** A child of `baseline` in the review queue, a finished confirmation behind it. */
export async function makeCandidate(
  db: Database,
  baseline: PromptRecord,
  verdict: Verdict = makeVerdict(),
): Promise<PromptRecord> {
  const child = await makePrompt(db, {
    agentType: baseline.agentType,
    change: "optimizer",
    parents: [{ promptId: baseline.id, operator: "variation" }],
  });
  const by = { promptId: child.id, actor: "test", reason: "measured by a test" };
  await transitionPrompt(db, { ...by, from: "draft", to: "experimental" });
  await makeConfirmation(db, child, baseline, verdict);
  await transitionPrompt(db, { ...by, from: "experimental", to: "candidate" });
  return { ...child, status: "candidate" };
}

/** A finished confirmation of `prompt` against `baseline`; answers its id. */
export async function makeConfirmation(
  db: Database,
  prompt: PromptRecord,
  baseline: PromptRecord,
  verdict: Verdict,
): Promise<string> {
  const id = randomUUID();
  await startExperiment(db, {
    id,
    optimizationId: null,
    generation: 1,
    kind: "confirm",
    agentType: prompt.agentType,
    promptId: prompt.id,
    baselinePromptId: baseline.id,
    benchmarkIds: [],
    controlIds: [],
    repeats: 5,
    repeatOffset: 0,
    simulated: true,
  });
  await finishExperiment(db, id, { trials: 50 }, verdict);
  return id;
}

export function makeVerdict(verdict: Partial<Verdict> = {}): Verdict {
  const estimate = (value: number): Estimate => ({
    value,
    low: value - 0.1,
    high: value + 0.1,
    n: 50,
  });
  return {
    kind: "promote-eligible",
    sentence: "Better by 30 points.",
    baselineSuccess: estimate(0.4),
    candidateSuccess: estimate(0.7),
    difference: estimate(0.3),
    pValue: 0.001,
    pValueHolm: 0.002,
    costRatio: estimate(1),
    latencyRatio: estimate(1),
    reason: "gain-proven",
    level: 0.96,
    margin: 0.05,
    proof: {
      rows: 50,
      rowsPlanned: 50,
      trials: 100,
      looks: 4,
      looksPlanned: 4,
      ordinal: 1,
      alpha: 0.025,
      gainAlpha: 0.02,
      won: 18,
      lost: 3,
      smallestGain: 0.25,
    },
    targets: null,
    controls: [],
    visibleControlDrop: null,
    rowsToDecide: null,
    cautions: [],
    ...verdict,
  };
}

/** A successful run that started at a fixed moment. */
export function makeRun(run: Partial<JournalRunInput> = {}): JournalRunInput {
  return {
    runId: randomUUID(),
    agentType: "engineer",
    outcome: "success",
    costUsd: 0.01,
    inputTokens: 100,
    outputTokens: 20,
    latencyMs: 1_000,
    startedAt: new Date("2026-01-01T12:30:00Z"),
    ...run,
  };
}

/** An optimization row of `incumbent` with the given cap. */
export async function makeOptimization(
  db: Database,
  incumbent: PromptRecord,
  capUsd = 25,
): Promise<string> {
  const id = randomUUID();
  await db.optimization.create({
    data: {
      id,
      agentType: incumbent.agentType,
      seed: 1n,
      config: {},
      configHash: "test",
      state: "running",
      trigger: "test",
      createdBy: "test",
      incumbentId: incumbent.id,
      companions: {},
      capUsd,
    },
  });
  return id;
}
