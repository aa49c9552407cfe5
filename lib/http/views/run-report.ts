import { contentHash } from "#lib/content-hash.ts";
import { listAgentTypes, requireAgentType } from "#lib/db/agent-types.ts";
import { loadSuite } from "#lib/db/benchmarks.ts";
import type { Executor } from "#lib/db/client.ts";
import { type Optimization, requireOptimization } from "#lib/db/optimizations.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import { listSteps } from "#lib/db/search-records.ts";
import type { Verdict, VerdictKind } from "#lib/domain/experiment.ts";
import { canonicalModelId, isSimulatedModel } from "#lib/llm/models.ts";
import { repeatCommand } from "#lib/optimizations/repeat-command.ts";
import { trialsOf } from "#lib/optimizations/spending.ts";
import type { GenerationShape, OptimizationDetail } from "../shapes/optimization.ts";
import type { RunReport } from "../shapes/report.ts";
import { optimizationDetail } from "./optimization-view.ts";
import { experimentPayBack } from "./pay-back-view.ts";
import { PromptIndex } from "./prompt-refs.ts";
import { lineageOf } from "./run-lineage.ts";
import { incumbentSearchedTwice } from "./run-luck.ts";
import { triedIn } from "./run-tried.ts";

type Finalist = RunReport["finalists"][number];

/**
 * Everything about a run that fits one page: what it found, how sure that is, what it refused, what it cost and how to
 * repeat it. Of a run under way, what there is so far. Throws AppError("not-found") for an unknown optimization.
 */
export async function runReport(db: Executor, id: string, now: Date): Promise<RunReport> {
  const run = await requireOptimization(db, id);
  const detail = await optimizationDetail(db, id, now);
  const prompts = await PromptIndex.load(db, [
    run.incumbentId,
    ...Object.values(run.companions),
    ...run.config.prove,
    ...detail.finalists.map(({ prompt_id: promptId }) => promptId),
  ]);
  const finalists = await finalistsOf(db, detail, prompts);
  const winner = winnerOf(finalists);
  const repeat = await repeatOf(db, run, prompts);
  const optimization = headOf(run, detail, repeat.models.proposer);
  return {
    format: "genepool-run-report/1",
    optimization,
    incumbent: namedIn(prompts, run.incumbentId),
    winner,
    front: {
      before: frontOf(detail.generationsDone.slice(0, 1), run.incumbentId, null),
      after: frontOf(detail.generationsDone, run.incumbentId, winner?.id ?? null),
    },
    lineage: winner === null ? [] : await lineageOf(db, winner.id, run.incumbentId),
    tried: triedIn(detail),
    finalists,
    searchedTwice: incumbentSearchedTwice({
      steps: await listSteps(db, id),
      detail,
      incumbentId: run.incumbentId,
    }),
    cautions: cautionsOf(optimization, finalists, winner),
    spending: detail.spending,
    insights: detail.insights,
    coach: detail.coach,
    repeat,
  };
}

function headOf(
  run: Optimization,
  detail: OptimizationDetail,
  proposer: string,
): RunReport["optimization"] {
  const { id, agentType, state, simulated, trigger, createdBy, outcome, failure } = detail;
  return {
    id,
    agentType,
    state,
    finished: run.finishedAt !== null,
    simulated,
    proposerSimulated: isSimulatedModel(proposer),
    trigger,
    createdBy,
    createdAt: detail.createdAt,
    startedAt: detail.startedAt,
    finishedAt: detail.finishedAt,
    outcome,
    failure,
    generations: detail.generationsDone.length,
    trials: trialsOf(run),
    calls: run.config.calls,
    proves: detail.proves,
  };
}

function namedIn(prompts: PromptIndex, promptId: string): RunReport["incumbent"] {
  const { id, version, contentHash: hash } = prompts.require(promptId);
  return { id, version, contentHash: hash };
}

/** The last front of these generations, with today's prompt and the winner as they were last measured. */
function frontOf(
  generations: readonly GenerationShape[],
  incumbentId: string,
  winnerId: string | null,
): GenerationShape["individuals"] {
  const last = generations.at(-1)?.individuals ?? [];
  const front = last.filter(({ rank, survived }) => rank === 0 && survived);
  const measured = generations.flatMap(({ individuals }) => individuals);
  const beside = [incumbentId, winnerId].flatMap(
    (id) =>
      (front.some(({ promptId }) => promptId === id)
        ? undefined
        : measured.findLast(({ promptId }) => promptId === id)) ?? [],
  );
  return [...front, ...beside];
}

async function finalistsOf(
  db: Executor,
  { finalists, spending, generationsDone }: OptimizationDetail,
  prompts: PromptIndex,
): Promise<Finalist[]> {
  const measured = generationsDone.flatMap(({ individuals }) => individuals);
  const shown: Finalist[] = [];
  for (const { id: experimentId, prompt_id: promptId, verdict } of finalists) {
    shown.push({
      prompt: namedIn(prompts, promptId),
      status: prompts.require(promptId).status,
      experimentId,
      verdict,
      searched: measured.findLast((one) => one.promptId === promptId)?.success ?? null,
      payBack:
        verdict === null ? null : await experimentPayBack(db, experimentId, spending.totalUsd),
    });
  }
  return shown;
}

const proven: readonly VerdictKind[] = ["promote-eligible", "cheaper-equal"];

/** Proven better before proven cheaper; among equals the larger gain, then the lower cost. */
function winnerOf(finalists: readonly Finalist[]): RunReport["winner"] {
  const winners = finalists.flatMap(({ prompt, status, verdict, searched, payBack }) =>
    verdict !== null && proven.includes(verdict.kind)
      ? [{ ...prompt, status, verdict, searched, payBack }]
      : [],
  );
  return winners.sort((a, b) => byProof(a.verdict, b.verdict))[0] ?? null;
}

function byProof(a: Verdict, b: Verdict): number {
  return (
    proven.indexOf(a.kind) - proven.indexOf(b.kind) ||
    b.difference.value - a.difference.value ||
    a.costRatio.value - b.costRatio.value
  );
}

function cautionsOf(
  { simulated, proposerSimulated, finished, failure }: RunReport["optimization"],
  finalists: readonly Finalist[],
  winner: RunReport["winner"],
): string[] {
  const lines: string[] = [];
  if (simulated)
    lines.push(
      "Simulated: a simulated model answered. No figure here says anything of a real one.",
    );
  else if (proposerSimulated)
    lines.push(
      "Proposals came from a simulated model, which knows no real task: a real proposer may find other prompts. The agents' answers are real.",
    );
  if (!finished)
    lines.push("Unfinished: the run is under way, and this page holds what there is so far.");
  if (failure !== null) lines.push(`The run failed: ${failure}`);
  if (finished && finalists.length === 0)
    lines.push("The run ended before any finalist was put to the proof.");
  const ofWinner = winner?.verdict.cautions ?? [];
  return [...new Set([...lines, ...ofWinner, ...cautionsOfOthers(finalists, ofWinner, winner)])];
}

/** What is to be said of finalists beside the winner: once each, with the names of those it is said of. */
function cautionsOfOthers(
  finalists: readonly Finalist[],
  ofWinner: readonly string[],
  winner: RunReport["winner"],
): string[] {
  const named = new Map<string, string[]>();
  for (const { prompt, verdict } of finalists) {
    if (prompt.id === winner?.id) continue;
    for (const caution of verdict?.cautions ?? [])
      if (!ofWinner.includes(caution))
        named.set(caution, [...(named.get(caution) ?? []), prompt.version]);
  }
  return [...named].map(([caution, versions]) => `${versions.join(", ")}: ${caution}`);
}

async function repeatOf(
  db: Executor,
  run: Optimization,
  prompts: PromptIndex,
): Promise<RunReport["repeat"]> {
  const { config, configHash, seed, agentType } = run;
  const agent = await requireAgentType(db, agentType);
  const incumbent = await requirePrompt(db, run.incumbentId);
  const agents = new Map((await listAgentTypes(db)).items.map((one) => [one.name, one]));
  const suite = await loadSuite(db, agent.suite);
  const shared = canonicalModelId(config.model ?? agent.defaultModel);
  const proposer = canonicalModelId(config.proposerModel ?? shared);
  const companions = Object.entries(run.companions).sort(([a], [b]) => (a < b ? -1 : 1));
  const modelOfCompanion = ([name, promptId]: [string, string]): [string, string] => [
    name,
    canonicalModelId(
      prompts.require(promptId).parameters.model ??
        config.model ??
        agents.get(name)?.defaultModel ??
        agent.defaultModel,
    ),
  ];
  return {
    ...repeatCommand({
      agentType,
      fromVersion: incumbent.version,
      proves: config.prove.map((promptId) => prompts.require(promptId).version),
      config,
    }),
    seed,
    config,
    configHash,
    models: {
      agent: canonicalModelId(incumbent.parameters.model ?? shared),
      proposer,
      sanity: canonicalModelId(config.sanityModel ?? proposer),
      companions: Object.fromEntries(companions.map(modelOfCompanion)),
    },
    companions: companions.map(([name, promptId]) => ({
      agentType: name,
      ...namedIn(prompts, promptId),
    })),
    suite: {
      name: agent.suite,
      benchmarks: suite.length,
      hash: contentHash(suite.map(({ contentHash: hash }) => hash).sort()),
    },
  };
}
