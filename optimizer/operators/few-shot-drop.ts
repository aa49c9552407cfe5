import { parseGenome } from "#lib/genome/document.ts";
import { countExamples, withoutExample } from "#lib/genome/examples.ts";
import { type Operator, oneChild, skipped } from "./operator.ts";

/** Drops one few-shot example: finds out which ones only cost tokens. */
export const fewShotDrop: Operator = {
  name: "few-shot-drop",
  parents: 1,
  async apply([parent], { draws }) {
    if (parent === undefined) return skipped("no parent");
    const shown = countExamples(parseGenome(parent.genome.content));
    if (shown === 0) return skipped("the prompt shows no example");
    const index = draws.int(shown);
    const content = withoutExample(parent.genome.content, index);
    if (content === null) return skipped("the example may not be dropped");
    return oneChild(
      "few-shot-drop",
      parent,
      { content },
      { index, message: `Drop example ${index + 1} of ${shown}` },
    );
  },
};
