import type { Estimate } from "./experiment.ts";

export const figureKinds = [
  /** Measured on sealed rows, drawn at random, that no search had seen. */
  "confirmed",
  /** From the search's own trials: the best of many is partly luck. */
  "estimated",
] as const;
export type FigureKind = (typeof figureKinds)[number];

/** The one success rate that is shown of a prompt, 0..1, with its 95 % interval and where it comes from. */
export interface SuccessFigure extends Estimate {
  kind: FigureKind;
}

export const figureKindWords: Readonly<Record<FigureKind, string>> = {
  confirmed: "confirmed",
  estimated: "estimated from the search",
};
