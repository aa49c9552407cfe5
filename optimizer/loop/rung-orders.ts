/** The trials that take a prompt up to a number of trials: new rows before new repeats, everybody in the same order. */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { SearchPrompt, TrialOrder } from "../ports.ts";
import type { Scoreboard } from "../scoreboard.ts";

export interface Schedule {
  /** Rows that score prompts, in the one order of the run. */
  rows: readonly Benchmark[];
  repeatsDiffer: boolean;
  /** Repeat index of the first runs. */
  repeatOffset: number;
}

/** Orders of the first `trials` places of the schedule that the board does not know. */
export function ordersUpTo(
  prompt: SearchPrompt,
  trials: number,
  to: Schedule & {
    board: Scoreboard;
    arm: TrialOrder["arm"];
    experimentId: string;
  },
): TrialOrder[] {
  const { rows, repeatsDiffer, repeatOffset, board, arm, experimentId } = to;
  const places = repeatsDiffer ? trials : Math.min(trials, rows.length);
  return Array.from({ length: rows.length === 0 ? 0 : places }, (_, place) => place).flatMap(
    (place) => {
      const benchmark = rows[place % rows.length];
      if (benchmark === undefined) return [];
      const repeat = repeatOffset + Math.floor(place / rows.length);
      if (board.has(prompt.id, benchmark.id, repeat)) return [];
      return [{ prompt, benchmark, repeat, arm, experimentId }];
    },
  );
}
