/** The worlds that gates are judged in: nulls where every prompt is equally good, and worlds where one sentence helps. */
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { makeNullWorld, type NullCell, nullCells } from "../label-world/null-world.ts";
import { makePlantedWorld } from "../label-world/planted-world.ts";
import { withSentence } from "../label-world/proposer.ts";
import type { LabelWorld } from "../label-world/world.ts";

export interface GateWorld {
  world: LabelWorld;
  /** What the first request for a prompt is answered with; without it all edits are drawn. */
  offered?: PromptGenome;
}

export interface GateCell {
  name: string;
  kind: "null" | "power";
  world(seed: number): GateWorld;
}

/** Rows of the suites: enough for rows that search, rows that decide and rows that confirm. */
const suiteSize = 440;

export const gateCells: readonly GateCell[] = [
  ...nullCells.map(nullCell),
  ...[0, 0.7].flatMap((temperature) =>
    [0.3, 0.4].flatMap((from) =>
      [true, false].map((isOffered) => powerCell(from, temperature, isOffered)),
    ),
  ),
];

function nullCell({ share, temperature, rate }: NullCell): GateCell {
  return {
    name: `null: ${share} swapped, temperature ${temperature}, rate ${rate}`,
    kind: "null",
    world: (seed) => ({
      world: makeNullWorld({ seed, size: suiteSize, share, temperature, rate }),
    }),
  };
}

/** The gain to 60 % is offered at once, or has to be found among 17 other sentences. */
function powerCell(from: number, temperature: number, isOffered: boolean): GateCell {
  return {
    name: `power: ${from} to 0.6, temperature ${temperature}, ${isOffered ? "offered" : "to be found"}`,
    kind: "power",
    world: (seed) => {
      const world = makePlantedWorld({ seed, size: suiteSize, temperature, from, to: 0.6 });
      const content = withSentence(world.start.content, world.plantedSentence);
      return isOffered ? { world, offered: { ...world.start, content } } : { world };
    },
  };
}
