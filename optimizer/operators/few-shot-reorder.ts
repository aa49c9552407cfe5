import { parseGenome } from "#lib/genome/document.ts";
import { countExamples, withLastExample } from "#lib/genome/examples.ts";
import { type Operator, oneChild, skipped } from "./operator.ts";

/** Moves one few-shot example to the end, where models heed it most. */
export const fewShotReorder: Operator = {
  name: "few-shot-reorder",
  parents: 1,
  async apply([parent], { draws }) {
    if (parent === undefined) return skipped("no parent");
    const shown = countExamples(parseGenome(parent.genome.content));
    if (shown < 2) return skipped("fewer than two examples have only one order");
    const index = draws.int(shown - 1);
    const content = withLastExample(parent.genome.content, index);
    if (content === null) return skipped("the example may not be moved");
    return oneChild(
      "few-shot-reorder",
      parent,
      { content },
      { index, message: `Move example ${index + 1} of ${shown} to the end` },
    );
  },
};
