import { parseGenome } from "#lib/genome/document.ts";
import {
  countExamples,
  type FewShotExample,
  isUsableExample,
  withExample,
  withoutExample,
} from "#lib/genome/examples.ts";
import type { Draws } from "#lib/random.ts";
import { type Operator, oneChild, skipped } from "./operator.ts";

const sizes: readonly number[] = [2, 3, 4, 5];

/**
 * Shows another set of examples, drawn at once, instead of those that the prompt shows (after the demonstration sets
 * of MIPROv2, Opsahl-Ong et al. 2024, arXiv 2406.11695). What examples are worth depends on their company and their order more than
 * on each of them, so a set that is built one by one stops at the first that does not help alone. Answers are spread as
 * evenly as the size allows: a model repeats what it sees most.
 */
export const fewShotSet: Operator = {
  name: "few-shot-set",
  parents: 1,
  async apply([parent], { draws, examples }) {
    if (parent === undefined) return skipped("no parent");
    const usable = examples.filter(isUsableExample);
    const size = draws.pick(sizesFor(countExamples(parseGenome(parent.genome.content))));
    if (usable.length < size)
      return skipped(`a set of ${size} examples needs more than ${usable.length} usable ones`);
    const bare = withoutExamples(parent.genome.content);
    if (bare === null) return skipped("the prompt's own examples may not be dropped");
    const chosen = draws.shuffle(evenAnswers(usable, size, draws));
    return oneChild(
      "few-shot-set",
      parent,
      { content: chosen.reduce(withExample, bare) },
      {
        benchmarkIds: chosen.map((example) => example.benchmarkId),
        message: `Show a set of ${size} examples`,
      },
    );
  },
};

/** A prompt that shows some keeps about as many: its cost is its place on the front. */
function sizesFor(shown: number): readonly number[] {
  const near = sizes.filter((size) => Math.abs(size - shown) <= 1);
  return shown === 0 || near.length === 0 ? sizes : near;
}

/** The content without any example; null when one is locked. */
function withoutExamples(content: string): string | null {
  const shown = countExamples(parseGenome(content));
  return Array.from({ length: shown }).reduce<string | null>(
    (text) => (text === null ? null : withoutExample(text, 0)),
    content,
  );
}

/** `size` examples, an answer after the other in a drawn order, so that no answer leads by more than one. */
function evenAnswers(
  examples: readonly FewShotExample[],
  size: number,
  draws: Draws,
): FewShotExample[] {
  const byAnswer = new Map<string, FewShotExample[]>();
  for (const example of draws.shuffle(examples)) {
    const answer = example.answer.trim();
    byAnswer.set(answer, [...(byAnswer.get(answer) ?? []), example]);
  }
  const answers = draws.shuffle([...byAnswer.values()]);
  const rounds = Array.from({ length: size }, (_, round) =>
    answers.flatMap((own) => own[round] ?? []),
  );
  return rounds.flat().slice(0, size);
}
