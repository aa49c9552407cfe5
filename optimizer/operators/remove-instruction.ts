import { parseGenome, renderGenome } from "#lib/genome/document.ts";
import { instructionsOf, withoutSegment } from "#lib/genome/edit.ts";
import { type Operator, skipped } from "./operator.ts";

/** Drops one unlocked instruction: finds out which sentences only cost tokens. */
export const removeInstruction: Operator = {
  name: "remove-instruction",
  parents: 1,
  async apply([parent], { agent, draws }) {
    if (parent === undefined) return skipped("no parent");
    const document = parseGenome(parent.genome.content, agent.protectedTexts);
    const open = instructionsOf(document).filter((instruction) => !instruction.locked);
    if (open.length < 2) return skipped("fewer than two instructions may be removed");
    const victim = draws.pick(open);
    return {
      state: "made",
      offspring: [
        {
          genome: {
            ...parent.genome,
            content: renderGenome(withoutSegment(document, victim.index)),
          },
          operator: "remove-instruction",
          operatorArguments: { instruction: victim.text, section: victim.section },
          parentIds: [parent.id],
          message: `Remove "${excerpt(victim.text)}"`,
        },
      ],
    };
  },
};

function excerpt(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
