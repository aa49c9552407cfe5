/** One slot of a generation: parents, an operator, the guards; at most three tries, then the slot stays empty. */
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import type { FewShotExample } from "#lib/genome/examples.ts";
import { type Draws, draw } from "#lib/random.ts";
import type { Recombined } from "../effects/recombine.ts";
import { nearDuplicate } from "../memory/near-duplicates.ts";
import { nearestRejected, type RejectedEdit } from "../memory/rejected-edits.ts";
import { binaryCrowdedTournament } from "../nsga2/select.ts";
import { complementarity, crossover } from "../operators/crossover.ts";
import type { WeightedOperator } from "../operators/mix.ts";
import type { Offspring, Operator, OperatorContext } from "../operators/operator.ts";
import { toolDescription } from "../operators/tool-description.ts";
import type { AgentProfile, Completer, SearchPrompt } from "../ports.ts";
import type { Aim } from "./aim.ts";
import type { BanditArm } from "./bandit.ts";
import { cheapen } from "./cheapen.ts";
import { type GuardOutcome, guard } from "./guards.ts";
import type { FailureEvidence } from "./hypothesize.ts";
import { mixedParent } from "./mixed-parent.ts";
import { type Breeder, chooseParent } from "./parents.ts";
import type { RefusedChild } from "./refused-child.ts";
import { operatorsFor, shareOf } from "./slot-plan.ts";

export interface BreedingInput {
  config: Pick<OptimizationConfig, "seed" | "breeding">;
  agent: AgentProfile;
  generation: number;
  incumbent: PromptGenome;
  population: readonly Breeder[];
  operators: readonly WeightedOperator[];
  arms: readonly BanditArm[];
  /** What each slot is for. */
  aims: readonly Aim[];
  /** Puts together what the run's prompts are made of; null where nothing is known yet. */
  mix: ((genome: PromptGenome, draws: Draws) => Recombined | null) | null;
  /** Whether the slots take a parent's failure clusters in turn, as in the first population, or by severity. */
  clustersInTurn: boolean;
  section: string | null;
  rejected: readonly RejectedEdit[];
  /** Prompts of this run and of earlier ones: a child that repeats one of their edits is refused. */
  measured: readonly Pick<SearchPrompt, "genome">[];
  examples: readonly FewShotExample[];
  benchmarkTexts: readonly string[];
  /** Replaces the proposer's temperatures, 0..2; null keeps them. */
  proposerTemperature: number | null;
}

/** A child that passed the guards, with what the slot knows of its making. */
export interface AcceptedChild extends Offspring {
  signature: string | null;
  section: string | null;
  parent: PromptGenome;
}

export interface SlotResult {
  slot: number;
  accepted: AcceptedChild[];
  refused: RefusedChild[];
  /** What all calls of the slot were billed, in USD. */
  costUsd: number;
}

const attemptsPerSlot = 3;
const noEvidence: FailureEvidence = { clusters: [], passing: [], summary: "" };

/** Fills one slot; `planned` is its first operator, later tries draw another. */
export async function fillSlot(
  slot: number,
  planned: Operator,
  input: BreedingInput,
  completer: Completer,
): Promise<SlotResult> {
  const meter = metered(completer, input.proposerTemperature);
  const result: SlotResult = { slot, accepted: [], refused: [], costUsd: 0 };
  const aim = input.aims[slot] ?? "success";
  for (let attempt = 0; attempt < attemptsPerSlot && result.accepted.length === 0; attempt++) {
    const draws = draw(input.config.seed, "mutate", input.generation, slot, attempt);
    const operator = attempt === 0 ? planned : anotherOperator(aim, input, draws);
    const parents = drawParents(aim, operator, input, draws);
    const mixed = mixedParent(aim, parents, input, draws);
    const evidence = parents[0]?.evidence ?? noEvidence;
    const context = slotContext({ slot, aim, attempt, evidence }, draws, input, meter.completer);
    const refuse = (guardName: string, reason: string) =>
      result.refused.push({ slot, operator: operator.name, guard: guardName, reason });
    const outcome =
      aim === "front"
        ? await cheapen(operator, parents, { context, operators: input.operators })
        : await operator.apply(
            mixed === null ? parents : [mixed.parent, ...parents.slice(1)],
            context,
          );
    if (outcome.state === "skipped") refuse("operator", outcome.reason);
    const made = outcome.state === "made" ? outcome.offspring : [];
    const offspring = mixed === null ? made : mixed.childrenOf(made);
    await takeChildren(offspring, { parents, context, input, result, refuse });
  }
  return { ...result, costUsd: meter.spentUsd() };
}

/** Sends children through the guards until the slot has enough. */
async function takeChildren(
  offspring: readonly Offspring[],
  to: {
    parents: readonly Breeder[];
    context: OperatorContext;
    input: BreedingInput;
    result: SlotResult;
    refuse: (guardName: string, reason: string) => void;
  },
): Promise<void> {
  const { context, input, result } = to;
  const parent = to.parents[0]?.genome ?? input.incumbent;
  // Of several variations one is enough, unless they are to fill the first population.
  const wanted = input.clustersInTurn ? offspring.length : 1;
  for (const child of context.draws.shuffle(offspring)) {
    if (result.accepted.length === wanted) return;
    const verdict = await guardChild(child, parent, context, input);
    if (!verdict.ok) {
      to.refuse(verdict.guard, verdict.reason);
      continue;
    }
    const signature = "signature" in child.operatorArguments ? signatureOf(context) : null;
    result.accepted.push({ ...child, signature, section: context.section, parent });
  }
}

function signatureOf({ cluster }: OperatorContext): string | null {
  return cluster?.signature ?? null;
}

/** The free checks and the memory before the sanity model, which costs money. */
function guardChild(
  child: Offspring,
  parent: PromptGenome,
  context: OperatorContext,
  input: BreedingInput,
): Promise<GuardOutcome> | GuardOutcome {
  const twin = nearDuplicate(child.genome, parent, input.measured);
  if (twin !== null)
    return { ok: false, guard: "duplicate", reason: "the same edit was measured before" };
  return guard(child.genome, {
    agent: input.agent,
    parent,
    benchmarkTexts: input.benchmarkTexts,
    completer: context.completer,
    modelSeed: context.modelSeed,
  });
}

/** Crossovers and edits of tools have quotas, which only the plan of the generation keeps. */
function anotherOperator(aim: Aim, { operators, arms }: BreedingInput, draws: Draws): Operator {
  const open = operatorsFor(aim, operators).filter(
    ({ operator }) => operator.name !== crossover.name && operator.name !== toolDescription.name,
  );
  return draws.weighted(
    open.map(({ operator }) => operator),
    open.map((weighted) => shareOf(weighted, arms)),
  );
}

/** The second parent is the most complementary to the first. */
function drawParents(
  aim: Aim,
  operator: Operator,
  { population, config }: BreedingInput,
  draws: Draws,
): Breeder[] {
  const first = config.breeding.specialists
    ? chooseParent(aim, population, draws)
    : binaryCrowdedTournament(population, draws);
  if (operator.parents === 1) return [first];
  const partner = population
    .filter((other) => other.id !== first.id)
    .reduce<Breeder | null>(
      (best, other) =>
        best === null || complementarity(first, other) > complementarity(first, best)
          ? other
          : best,
      null,
    );
  return partner === null ? [first] : [first, partner];
}

function slotContext(
  {
    slot,
    aim,
    attempt,
    evidence,
  }: { slot: number; aim: Aim; attempt: number; evidence: FailureEvidence },
  draws: Draws,
  input: BreedingInput,
  completer: Completer,
): OperatorContext {
  const { section } = input;
  const { clusters, passing, summary } = evidence;
  const inTurn = input.clustersInTurn && attempt === 0;
  const severity = clusters.map((cluster) => cluster.severity + 1e-9);
  const cluster =
    clusters.length === 0
      ? null
      : inTurn
        ? (clusters[slot % clusters.length] ?? null)
        : draws.weighted(clusters, severity);
  const signature = cluster?.signature ?? null;
  return {
    agent: input.agent,
    draws,
    modelSeed: draws.int(2 ** 31 - 1),
    completer,
    incumbent: input.incumbent,
    clusters,
    cluster,
    passing,
    failureSummary: summary,
    section,
    rejected: nearestRejected(input.rejected, {
      signature,
      section,
      text: `${signature ?? ""} ${cluster?.statement ?? summary}`,
    }),
    isToBeCheaper: aim === "front",
    examples: input.examples,
  };
}

/** Counts what the calls were billed, and replaces the proposer's temperature when the search asks for it. */
function metered(completer: Completer, temperature: number | null) {
  let spentUsd = 0;
  const own: Completer = {
    complete: async (request) => {
      const isProposal = request.role === "proposer" && temperature !== null;
      const reply = await completer.complete(isProposal ? { ...request, temperature } : request);
      spentUsd += reply.costUsd ?? 0;
      return reply;
    },
  };
  return { completer: own, spentUsd: () => spentUsd };
}
