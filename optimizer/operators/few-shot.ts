import { parseGenome } from "#lib/genome/document.ts";
import { countExamples, isUsableExample, withExample } from "#lib/genome/examples.ts";
import { type Operator, oneChild, skipped } from "./operator.ts";

const examplesMax = 5;

/**
 * Adds a few-shot example mined from good runs, as turns where the prompt is a conversation, else as text. Examples
 * cost tokens on every call, so the cost objective selects against idle ones.
 */
export const fewShot: Operator = {
  name: "few-shot",
  parents: 1,
  async apply([parent], { draws, examples }) {
    if (parent === undefined) return skipped("no parent");
    const { content } = parent.genome;
    const shown = countExamples(parseGenome(content));
    if (shown >= examplesMax) return skipped(`the prompt shows ${shown} examples already`);
    const fresh = examples.filter(
      (example) => isUsableExample(example) && !content.includes(example.input.trim()),
    );
    if (fresh.length === 0) return skipped("no unused example in the journal");
    // Two at a time while there are none: single examples hardly show in a noisy objective.
    const count = shown === 0 ? Math.min(2, fresh.length) : 1;
    const chosen = draws.shuffle(fresh).slice(0, count);
    return oneChild(
      "few-shot",
      parent,
      { content: chosen.reduce((text, example) => withExample(text, example), content) },
      {
        action: "add",
        benchmarkIds: chosen.map((example) => example.benchmarkId),
        message: `Add ${count} example${count === 1 ? "" : "s"}`,
      },
    );
  },
};
