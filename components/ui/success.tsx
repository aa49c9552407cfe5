import { figureKindWords, type SuccessFigure } from "#lib/domain/success-figure.ts";
import type { PublicPrompt } from "#lib/http/shapes/prompt.ts";
import classes from "./figures.module.css";
import { percent, percentRange } from "./format.ts";

export interface SuccessProps {
  figure: SuccessFigure;
  /** `short` leaves out interval and n, for narrow places; both stand in the title. */
  size?: "whole" | "short";
}

/** A prompt's one success rate with its kind: confirmed on sealed rows, or estimated from the search. */
export function Success({ figure, size = "whole" }: SuccessProps) {
  const { kind, value } = figure;
  return (
    <span
      className={classes.success}
      data-kind={kind}
      title={`${percent(value)} ${percentRange(figure)}, ${titles[kind]}`}
    >
      <span className={classes.successMark} aria-hidden="true" />
      {percent(value)}
      {size === "short" ? (
        <span className={classes.hidden}>, {figureKindWords[kind]}</span>
      ) : (
        <span className={classes.range}>
          {percentRange(figure)} {kind === "confirmed" ? "confirmed" : "estimated"}
        </span>
      )}
    </span>
  );
}

const titles: Readonly<Record<SuccessFigure["kind"], string>> = {
  confirmed: "confirmed: measured on sealed rows by a proof",
  estimated: "estimated from the search: the best of many is partly luck",
};

/** What the marks in front of success rates mean. */
export function SuccessLegend() {
  return (
    <span className={classes.successLegend}>
      <span className={classes.success} data-kind="confirmed">
        <span className={classes.successMark} aria-hidden="true" /> confirmed on sealed rows
      </span>
      <span className={classes.success} data-kind="estimated">
        <span className={classes.successMark} aria-hidden="true" /> estimated from the search
      </span>
    </span>
  );
}

/** The figure of a prompt as the API shows it; null when it was never measured. */
export function figureOf(
  prompt: Pick<PublicPrompt, "fitness_score" | "fitness_kind" | "fitness_interval">,
): SuccessFigure | null {
  const { fitness_score: value, fitness_kind: kind, fitness_interval: interval } = prompt;
  if (value === null || kind === null || interval === null) return null;
  return { value, kind, ...interval };
}
