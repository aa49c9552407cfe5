import { parseGenome, renderGenome } from "#lib/genome/document.ts";
import { instructionsOf, replaceInstruction } from "#lib/genome/edit.ts";
import { rephrase } from "../proposer/rephrase.ts";
import { type Operator, skipped } from "./operator.ts";

/** Says one unlocked instruction in other words: clearer or shorter, with the same meaning. */
export const rephraseInstruction: Operator = {
  name: "rephrase-instruction",
  parents: 1,
  async apply([parent], context) {
    if (parent === undefined) return skipped("no parent");
    const document = parseGenome(parent.genome.content, context.agent.protectedTexts);
    const open = instructionsOf(document).filter((instruction) => !instruction.locked);
    if (open.length === 0) return skipped("no instruction may be changed");
    const chosen = context.draws.pick(open);
    const reply = await rephrase(
      { instruction: chosen.text, purpose: context.agent.description, seed: context.modelSeed },
      context.completer,
    );
    if (!reply.ok) return skipped(reply.reason);
    return {
      state: "made",
      offspring: [
        {
          genome: {
            ...parent.genome,
            content: renderGenome(replaceInstruction(document, chosen.index, reply.instruction)),
          },
          operator: "rephrase-instruction",
          operatorArguments: { from: chosen.text, to: reply.instruction },
          parentIds: [parent.id],
          message: `Say "${reply.instruction}" instead of "${chosen.text}"`,
        },
      ],
    };
  },
};
