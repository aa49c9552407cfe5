/**
 * Mutate: each slot of a generation draws an operator and parents, asks for children and sends them through the
 * guards. Every draw is a pure function of (seed, generation, slot, attempt), and slots look only at the population
 * as it was when the generation began; so they may run at once and the children are the same.
 */
import { z } from "zod";
import { contentHash } from "#lib/content-hash.ts";
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import { type PromptGenome, promptOperator } from "#lib/domain/prompt.ts";
import type { FewShotExample } from "#lib/genome/examples.ts";
import { type Draws, draw } from "#lib/random.ts";
import { binaryCrowdedTournament } from "../nsga2/select.ts";
import { complementarity } from "../operators/crossover.ts";
import type { Offspring, Operator, OperatorContext, ParentPrompt } from "../operators/operator.ts";
import type { AgentProfile, Completer, NewPrompt, RunStore } from "../ports.ts";
import { type GuardOutcome, guard } from "./guards.ts";
import type { FailureCluster } from "./insights.ts";

export const refusedChild = z.object({
  slot: z.int(),
  operator: promptOperator,
  guard: z.string(),
  reason: z.string(),
});
export type RefusedChild = z.infer<typeof refusedChild>;

export const mutation = z.object({
  childIds: z.array(z.string()),
  refused: z.array(refusedChild),
});
export type Mutation = z.infer<typeof mutation>;

/** A member of the population as the mutation sees it. */
export interface Breeder extends ParentPrompt {
  rank: number;
  crowdingDistance: number;
}

export interface MutateInput {
  config: OptimizationConfig;
  agent: AgentProfile;
  generation: number;
  population: readonly Breeder[];
  /** One operator a slot for the first population; later generations draw by weight. */
  plan: readonly Operator[] | null;
  operators: readonly { operator: Operator; weight: number }[];
  offspringSize: number;
  clusters: readonly FailureCluster[];
  failureSummary: string;
  section: string | null;
  rejected: readonly string[];
  examples: readonly FewShotExample[];
  benchmarkTexts: readonly string[];
}

interface SlotResult {
  slot: number;
  accepted: Offspring[];
  refused: RefusedChild[];
}

const attemptsPerSlot = 3;

/** Makes, guards and registers the children of one generation. */
export async function mutate(
  input: MutateInput,
  ports: { completer: Completer; store: RunStore },
): Promise<Mutation> {
  const slots = input.plan?.length ?? input.offspringSize;
  const results = await Promise.all(
    Array.from({ length: slots }, (_, slot) => fillSlot(slot, input, ports.completer)),
  );
  const refused = results.flatMap((result) => result.refused);
  const known = new Set(input.population.map((parent) => contentHash(parent.genome)));
  const childIds: string[] = [];
  for (const { slot, accepted } of results) {
    for (const child of accepted) {
      if (childIds.length >= input.offspringSize) break;
      const hash = contentHash(child.genome);
      if (known.has(hash)) {
        refused.push({
          slot,
          operator: child.operator,
          guard: "duplicate",
          reason: "an equal prompt exists",
        });
        continue;
      }
      known.add(hash);
      const registration = await ports.store.registerPrompt(newPrompt(child, input.generation));
      if (registration.state === "registered") childIds.push(registration.prompt.id);
      else
        refused.push({
          slot,
          operator: child.operator,
          guard: "registry",
          reason: registration.reason,
        });
    }
  }
  return { childIds, refused };
}

async function fillSlot(
  slot: number,
  input: MutateInput,
  completer: Completer,
): Promise<SlotResult> {
  const result: SlotResult = { slot, accepted: [], refused: [] };
  for (let attempt = 0; attempt < attemptsPerSlot && result.accepted.length === 0; attempt++) {
    const draws = draw(input.config.seed, "mutate", input.generation, slot, attempt);
    const planned = attempt === 0 ? input.plan?.[slot] : undefined;
    const operator = planned ?? drawOperator(input.operators, draws);
    const parents = drawParents(operator, input.population, draws);
    const context = slotContext(slot, attempt, draws, input, completer);
    const outcome = await operator.apply(parents, context);
    if (outcome.state === "skipped") {
      result.refused.push({
        slot,
        operator: operator.name,
        guard: "operator",
        reason: outcome.reason,
      });
      continue;
    }
    for (const child of outcome.offspring) {
      const verdict = await guardChild(child, parents[0]?.genome, context, input);
      if (verdict.ok) result.accepted.push(child);
      else
        result.refused.push({
          slot,
          operator: child.operator,
          guard: verdict.guard,
          reason: verdict.reason,
        });
    }
  }
  return result;
}

function guardChild(
  child: Offspring,
  parent: PromptGenome | undefined,
  context: OperatorContext,
  input: MutateInput,
): Promise<GuardOutcome> {
  return guard(child.genome, {
    agent: input.agent,
    parent: parent ?? child.genome,
    benchmarkTexts: input.benchmarkTexts,
    completer: context.completer,
    modelSeed: context.modelSeed,
  });
}

function slotContext(
  slot: number,
  attempt: number,
  draws: Draws,
  input: MutateInput,
  completer: Completer,
): OperatorContext {
  const severity = input.clusters.map((cluster) => cluster.severity + 1e-9);
  const cluster =
    input.clusters.length === 0
      ? null
      : input.plan !== null && attempt === 0
        ? (input.clusters[slot % input.clusters.length] ?? null)
        : draws.weighted(input.clusters, severity);
  return {
    agent: input.agent,
    draws,
    modelSeed: draws.int(2 ** 31 - 1),
    completer,
    clusters: input.clusters,
    cluster,
    failureSummary: input.failureSummary,
    section: input.section,
    rejected: input.rejected,
    examples: input.examples,
  };
}

function drawOperator(operators: MutateInput["operators"], draws: Draws): Operator {
  return draws.weighted(
    operators.map(({ operator }) => operator),
    operators.map(({ weight }) => weight),
  );
}

/** Parents by crowded tournament; the second one is the most complementary to the first. */
function drawParents(
  operator: Operator,
  population: readonly Breeder[],
  draws: Draws,
): ParentPrompt[] {
  const first = binaryCrowdedTournament(population, draws);
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

function newPrompt(child: Offspring, generation: number): NewPrompt {
  return {
    genome: child.genome,
    operator: child.operator,
    operatorArguments: child.operatorArguments,
    parentIds: child.parentIds,
    message: child.message,
    generation,
  };
}
