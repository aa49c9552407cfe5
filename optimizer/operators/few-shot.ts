import { parseGenome } from "#lib/genome/document.ts";
import {
  countExamples,
  isUsableExample,
  withExample,
  withoutExample,
} from "#lib/genome/examples.ts";
import { type Operator, type OperatorContext, type ParentPrompt, skipped } from "./operator.ts";

const examplesMax = 5;

/**
 * Adds, drops or exchanges one few-shot example mined from good runs. Examples cost tokens on every call, so the cost
 * objective selects against idle ones.
 */
export const fewShot: Operator = {
  name: "few-shot",
  parents: 1,
  async apply([parent], context) {
    if (parent === undefined) return skipped("no parent");
    const shown = countExamples(parseGenome(parent.genome.content));
    const actions = [
      ...(shown < examplesMax ? ["add" as const, "add" as const] : []),
      ...(shown > 0 ? ["drop" as const, "exchange" as const] : []),
    ];
    const action = context.draws.pick(actions);
    const dropped = action === "add" ? parent.genome.content : dropOne(parent, shown, context);
    if (dropped === null) return skipped("no example may be dropped");
    if (action === "drop") return made(parent, dropped, { action }, "Drop one example");
    const fresh = context.examples.filter(
      (example) =>
        isUsableExample(example) && !parent.genome.content.includes(example.input.trim()),
    );
    if (fresh.length === 0) return skipped("no unused example in the journal");
    // Two at a time while there are few: single examples hardly show in a noisy objective.
    const count = action === "add" && shown === 0 ? Math.min(2, fresh.length) : 1;
    const chosen = context.draws.shuffle(fresh).slice(0, count);
    const content = chosen.reduce((text, example) => withExample(text, example), dropped);
    const source = chosen.map((example) => example.benchmarkId);
    return made(
      parent,
      content,
      { action, benchmarkIds: source },
      `${action === "add" ? "Add" : "Exchange"} ${count} example${count === 1 ? "" : "s"}`,
    );
  },
};

function dropOne(parent: ParentPrompt, shown: number, context: OperatorContext): string | null {
  return withoutExample(parent.genome.content, context.draws.int(shown));
}

function made(
  parent: ParentPrompt,
  content: string,
  operatorArguments: Record<string, unknown>,
  message: string,
) {
  return {
    state: "made" as const,
    offspring: [
      {
        genome: { ...parent.genome, content },
        operator: "few-shot" as const,
        operatorArguments,
        parentIds: [parent.id],
        message,
      },
    ],
  };
}
