/** The planner's table in words, the same in the dialogue and on the command line. */
import type { StagePlan } from "./stage-plan.ts";

export interface PlannedStage {
  name: string;
  /** Calls that the stage may order at most. */
  trials: number;
  words: string;
}

/** The stages of a run that order calls, in their order. */
export function plannedStages({ probe, learning, race, proof, guards }: StagePlan): PlannedStage[] {
  const again =
    learning.controlRepeats > 0
      ? `; ${rows(learning.controlRows)} that pass, ${runs(learning.controlRepeats)} more`
      : "";
  const stages: PlannedStage[] = [
    {
      name: "learning",
      trials: learning.trials,
      words: `today's prompt on ${rows(learning.rows)}, ${runs(learning.repeats)}${again}`,
    },
    {
      name: "race",
      trials: race.trials,
      words: "new prompts against each other, on rows that are not sealed",
    },
    {
      name: "proof",
      trials: proof.trials,
      words: `${count(proof.rows, "sealed row")}, ${runs(proof.repeats)} by each arm; ${proof.finalists === 1 ? "one finalist" : `up to ${proof.finalists} finalists`}, ${count(proof.looks, "look")}`,
    },
    {
      name: "guards",
      trials: guards.trials,
      words: `each finalist on ${count(guards.targets, "target")} and ${count(guards.controls, "control")}, a control up to ${runs(guards.controlRunsMax)}`,
    },
  ];
  const words = `${rows(probe.rows)} a second time: do repeats differ?`;
  const all = [{ name: "probe", trials: probe.trials, words }, ...stages];
  return all.filter(({ trials }) => trials > 0);
}

/** Whether repeats differ, and who says so. */
export function repeatsWords({ repeats, probe }: StagePlan): string {
  switch (repeats) {
    case "same":
      return "The agent declares that repeats are the same, so each request runs once.";
    case "vary":
      return "The agent declares that repeats vary, so each repeat counts.";
    case "unknown":
      return `Nobody declared whether repeats differ: ${rows(probe.rows)} run twice to find out. The table assumes that they do.`;
  }
}

function rows(n: number): string {
  return count(n, "row");
}

function runs(n: number): string {
  return n === 1 ? "once" : `${n} times`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
