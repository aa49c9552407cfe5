import { parseGenome, renderGenome } from "#lib/genome/document.ts";
import {
  type Instruction,
  insertInstruction,
  instructionsOf,
  withoutSegment,
} from "#lib/genome/edit.ts";
import { type Operator, type ParentPrompt, skipped } from "./operator.ts";

/** A crossover must promise at least two of 25 benchmarks more than the better parent alone. */
const complementarityMin = 2 / 25;

/**
 * Crossover of instructions: the first parent keeps its text, shared instructions stay, and each instruction that
 * only one parent has is taken with probability one half. Tried only for complementary parents.
 */
export const crossover: Operator = {
  name: "crossover",
  parents: 2,
  async apply([mother, father], { agent, draws }) {
    if (mother === undefined || father === undefined) return skipped("two parents are needed");
    const gain = complementarity(mother, father);
    if (gain < complementarityMin) return skipped("the parents solve the same benchmarks");
    const document = parseGenome(mother.genome.content, agent.protectedTexts);
    const own = instructionsOf(document);
    const others = instructionsOf(parseGenome(father.genome.content, agent.protectedTexts));
    const onlyMother = own.filter((a) => !a.locked && !others.some((b) => isSame(a, b)));
    const onlyFather = others.filter((b) => !b.locked && !own.some((a) => isSame(a, b)));
    if (onlyFather.length === 0) return skipped("the second parent has no instruction of its own");
    const dropped = onlyMother.filter(() => draws.chance(0.5));
    const taken = onlyFather.filter(() => draws.chance(0.5));
    const added = taken.length > 0 ? taken : [draws.pick(onlyFather)];
    const remaining = [...dropped]
      .sort((a, b) => b.index - a.index)
      .reduce((result, instruction) => withoutSegment(result, instruction.index), document);
    const child = added.reduce(
      (result, { section, text }) => insertInstruction(result, section || null, text),
      remaining,
    );
    const genome = {
      ...mother.genome,
      content: renderGenome(child),
      parameters: draws.chance(0.5) ? mother.genome.parameters : father.genome.parameters,
    };
    return {
      state: "made",
      offspring: [
        {
          genome,
          operator: "crossover",
          operatorArguments: {
            taken: added.map(({ text }) => text),
            dropped: dropped.map(({ text }) => text),
            complementarity: Number(gain.toFixed(4)),
          },
          parentIds: [mother.id, father.id],
          message: `Cross: take ${added.length}, leave ${dropped.length} instruction${dropped.length === 1 ? "" : "s"}`,
        },
      ],
    };
  },
};

/**
 * U(a,b) = mean over benchmarks of the better parent's pass rate, less the better parent's mean: what a perfect child
 * could win. Only benchmarks that both were tried on count.
 */
export function complementarity(a: ParentPrompt, b: ParentPrompt): number {
  const shared = [...a.passRates.keys()].filter((id) => b.passRates.has(id));
  if (shared.length === 0) return 0;
  const rates = shared.map((id) => [a.passRates.get(id) ?? 0, b.passRates.get(id) ?? 0] as const);
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const best = mean(rates.map(([x, y]) => Math.max(x, y)));
  return best - Math.max(mean(rates.map(([x]) => x)), mean(rates.map(([, y]) => y)));
}

function isSame(a: Instruction, b: Instruction): boolean {
  return a.text.toLowerCase() === b.text.toLowerCase();
}
