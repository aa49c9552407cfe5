/**
 * Libraries that decide by themselves whether an edit is better, with the settings that spend a budget of task calls: what they accept where no
 * edit is better, and what they accept where one is.
 */
import type { DriverJob } from "./driver.ts";

export interface Gate {
  name: string;
  package: string;
  script: string;
  /** By budget of task calls. */
  settings: Readonly<Record<number, DriverJob["settings"]>>;
}

export const gates: readonly Gate[] = [
  {
    // Two trials a case first, then one in each of five rounds.
    name: "harness-evolve, defaults",
    package: "harness-evolve==0.3.0",
    script: "harness_evolve_world.py",
    settings: { 400: { mode: "default", cases: 57 }, 1000: { mode: "default", cases: 142 } },
  },
  {
    // Two trials a case, first and in each of three rounds; three tenths of the cases for the final report, three trials each.
    name: "harness-evolve, init",
    package: "harness-evolve==0.3.0",
    script: "harness_evolve_world.py",
    settings: {
      400: { mode: "init", cases: 54, held: 16 },
      1000: { mode: "init", cases: 135, held: 40 },
    },
  },
  {
    // Its default of 200 rollouts, then 50 rows for each of both decisions, the fewest that its gate takes.
    name: "promptline-opt",
    package: "promptline-opt==0.1.1",
    script: "promptline_world.py",
    settings: {
      400: { rollouts: 200, train: 100, dev: 50, val: 50 },
      1000: { rollouts: 600, train: 150, dev: 100, val: 100 },
    },
  },
];

export function gateNamed(name: string): Gate {
  const found = gates.find((gate) => gate.name === name);
  if (found === undefined)
    throw new RangeError(`--gate is one of: ${gates.map((gate) => gate.name).join("; ")}`);
  return found;
}
