import { Code } from "@mantine/core";
import type { ReactNode } from "react";
import { chosenRowFigures } from "#lib/domain/verdict-words.ts";
import type { VerdictShape } from "#lib/http/shapes/experiment.ts";
import { percentEstimate } from "../ui/format.ts";
import classes from "./review.module.css";

/** A verdict that no sealed row stands behind: why, what helps, and what the chosen rows showed. */
export function UnprovenVerdict({ verdict, name }: { verdict: VerdictShape; name: string }) {
  const figures = chosenRowFigures(verdict);
  return (
    <div className={classes.unproven}>
      <p>{adviceOf(verdict, name)}</p>
      {figures === null ? null : (
        <p className={classes.dim}>
          On rows that were chosen because today&rsquo;s prompt fails them:{" "}
          {percentEstimate(figures.baselineSuccess)} today,{" "}
          {percentEstimate(figures.candidateSuccess)} with the candidate. Any other prompt gains on
          such rows, so this proves nothing.
        </p>
      )}
    </div>
  );
}

function adviceOf({ reason, controls }: VerdictShape, name: string): ReactNode {
  const prove = <Code>genepool prompts prove {name}</Code>;
  switch (reason) {
    case "suite-too-small":
      return "A proof needs at least 20 sealed rows with different inputs. Half of a suite is sealed, so import rows until it has 40. Until then it can be searched, and nothing can be proven on it.";
    case "not-tried":
      return (
        <>
          Finalists are tried in the search&rsquo;s order, and the first one that is not proven ends
          it. No sealed row was opened for this one. Prove it by itself: {prove}
        </>
      );
    case "required-control-lost": {
      const lost = controls.filter(({ required, state }) => required && state === "regressed");
      return `Lost: ${lost.map(({ externalId }) => externalId).join(", ")}. No sealed row was opened for it.`;
    }
    case "earlier-rules":
      return <>No sealed row stands behind it. Prove it again: {prove}</>;
    default:
      return "No sealed row was opened for it.";
  }
}
