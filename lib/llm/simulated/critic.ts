/**
 * The critic reads the design and what the engineer reported, as text. Its habits decide what it looks at; a lenient
 * one waves findings through, a vague one objects without saying to what.
 */
import type { Draws } from "../../random.ts";
import type { Habit } from "./lexicon.ts";
import type { Statement } from "./statement.ts";

export interface Critic {
  statement: Statement;
  /** Everything said to the critic: rules, task, plan, design. */
  text: string;
  habits: Record<Habit, boolean>;
  /** It is asked to answer in JSON. */
  wantsJson: boolean;
  draws(purpose: string): Draws;
}

interface Finding {
  objection: string;
  /** How sure the critic is that the design fails because of it, 0..1. */
  weight: number;
}

const reserveWanted = 11;

/** Writes the verdict with its objection. */
export function judge(critic: Critic): string {
  const findings = findingsOf(critic);
  const objected = findings.filter(({ weight, objection }) => {
    const leniency = critic.habits.strict ? 0.03 : 0.2;
    return critic.draws(objection).chance(weight - leniency);
  });
  const falseAlarm =
    findings.length === 0 && critic.draws("false alarm").chance(critic.habits.strict ? 0.06 : 0.04);
  const objection = objected.length > 0 || falseAlarm ? wordObjection(critic, objected) : "";
  const pass = objection === "";
  if (critic.wantsJson) return JSON.stringify({ pass, objection });
  const praise = critic
    .draws("praise")
    .pick([
      "The design meets what the task asks for.",
      "I see nothing that speaks against it.",
      "Looks fine to me.",
    ]);
  return pass ? `VERDICT: pass\n${praise}` : `VERDICT: fail\nObjection: ${objection}`;
}

function findingsOf(critic: Critic): Finding[] {
  const { habits, text } = critic;
  if (/no design was submitted/i.test(text)) {
    return [{ objection: "No design was submitted; submit one with all variables.", weight: 1 }];
  }
  const values = submittedValues(critic);
  return [
    ...(habits.recompute || habits.simulate ? reserveFindings(text) : []),
    ...(habits.cost ? costFindings(critic) : []),
    ...(habits.collisions ? collisionFindings(text) : []),
    ...(habits.units ? unitFindings(critic) : []),
    ...(habits.recompute || habits.units ? rangeFindings(critic, values) : []),
    ...(habits.constraints || habits.recompute ? overlookedFindings(text) : []),
  ];
}

function reserveFindings(text: string): Finding[] {
  if (/\bnot simulated\b/i.test(text))
    return [
      {
        objection:
          "Nothing shows that the limits hold: simulate the design until every check passes.",
        weight: 0.9,
      },
    ];
  const lowest = /lowest reserve (-?\d+) ?%/i.exec(text)?.[1];
  if (lowest === undefined || Number(lowest) >= reserveWanted) return [];
  const reserve = Number(lowest);
  return reserve < 0
    ? [
        {
          objection: `A simulated check misses its limit by ${-reserve} %: simulate and adjust until every check passes.`,
          weight: 0.95,
        },
      ]
    : [
        {
          objection: `The lowest reserve is only ${reserve} % in a first-order model: keep a margin of 15 % to every limit.`,
          weight: 0.8,
        },
      ];
}

function costFindings({ text, statement }: Critic): Finding[] {
  if (/\bcost not evaluated\b/i.test(text))
    return [
      {
        objection: "Nobody looked at the cost: evaluate the cost and bring it below the limit.",
        weight: 0.7,
      },
    ];
  const reported = /cost evaluated: ([\d.]+)/i.exec(text)?.[1];
  const limit = statement.costLimitUsd;
  if (reported === undefined || limit === null || Number(reported) <= limit) return [];
  return [
    {
      objection: `The cost of ${reported} USD exceeds the limit of ${limit} USD: reduce the cost.`,
      weight: 0.95,
    },
  ];
}

function collisionFindings(text: string): Finding[] {
  if (/\bconsistency not checked\b/i.test(text))
    return [
      {
        objection: "Parts may collide: run the consistency check and fix what it reports.",
        weight: 0.7,
      },
    ];
  return /consistency check: \d+ issues/i.test(text)
    ? [
        {
          objection: "The consistency check still reports issues: fix the collisions.",
          weight: 0.95,
        },
      ]
    : [];
}

function unitFindings({ text, statement }: Critic): Finding[] {
  if (statement.otherUnit === null || !/"units"\s*:\s*null/.test(text)) return [];
  const { unit, from } = statement.otherUnit;
  return [
    {
      objection: `The submission names no unit and will be read in ${unit}: state the units, which are ${from}.`,
      weight: 0.9,
    },
  ];
}

function rangeFindings({ statement }: Critic, values: Record<string, number>): Finding[] {
  return statement.variables.flatMap(({ name, min, max }) => {
    const value = values[name];
    if (value === undefined || (value >= min && value <= max)) return [];
    return [
      {
        objection: `${name} = ${value} is outside ${min} to ${max}: check the range and the units.`,
        weight: 0.95,
      },
    ];
  });
}

/** The engineer looked at fewer checks than there are. */
function overlookedFindings(text: string): Finding[] {
  const match = /over (\d+) of (\d+) checks/i.exec(text);
  if (match === null || Number(match[1]) >= Number(match[2])) return [];
  return [
    {
      objection: "One requirement was not looked at: list every requirement, also the late ones.",
      weight: 0.75,
    },
  ];
}

/** The figures of the design as it was handed in. */
function submittedValues({ text }: Critic): Record<string, number> {
  const handedIn =
    /"values"\s*:\s*\{([^{}]*)\}/.exec(text) ?? /"design"\s*:\s*\{([^{}]*)\}/.exec(text);
  const found = handedIn?.[1] ?? "";
  const pairs = [...found.matchAll(/"(\w+)"\s*:\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/g)];
  return Object.fromEntries(pairs.map(([, name = "", value]) => [name, Number(value)]));
}

function wordObjection(critic: Critic, findings: readonly Finding[]): string {
  const { habits, draws } = critic;
  if (findings.length === 0 || !habits.specific) {
    return draws("vague").pick([
      "I am not convinced by this design, please look at it again.",
      "Something about this design does not seem right.",
      "This needs more work before it can go out.",
    ]);
  }
  const values = Object.entries(submittedValues(critic));
  const submitted = values.map(([name, value]) => `${name} = ${value}`).join(", ");
  const points = findings.slice(0, 4).map(({ objection }) => objection);
  return `${points.join(" ")} (Submitted: ${submitted}.)`;
}
