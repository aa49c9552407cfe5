/** One quantity the engineer chooses. */
export interface DesignVariable {
  name: string;
  /** SI or the unit the statement asks for, for example `mm`. */
  unit: string;
  min: number;
  max: number;
  integer: boolean;
  description: string;
}

/** A design problem as the agents see it; the family that made it knows the physics behind it. */
export interface Problem {
  /** Stable: `<family>-<two digits>` for the suite, `<family>-fresh-<n>` for problems nobody has used yet. */
  id: string;
  family: string;
  /** The seed it was generated from; with family it gives the problem again. */
  seed: number;
  title: string;
  /** Everything the agents are told, in words and numbers with units. */
  statement: string;
  variables: DesignVariable[];
  maxCostUsd: number;
  /** When set, submitted lengths are read in this unit unless the submission says otherwise. */
  submissionUnit: SubmissionUnit | null;
}

/** The unit that the shop reads: `per` units of `from` are one `unit`. */
export interface SubmissionUnit {
  unit: string;
  /** In words, for sentences. */
  plural: string;
  from: string;
  per: number;
}

/** Values by variable name, in the variable's unit. */
export type Design = Record<string, number>;

/** One computed requirement of a design. */
export interface Check {
  name: string;
  value: number;
  limit: number;
  relation: "<=" | ">=";
  unit: string;
  satisfied: boolean;
  /** Variables whose increase (raise) or decrease (lower) moves the value to the good side. */
  raise: string[];
  lower: string[];
}

/** The verifier's judgement: it computes the physics in full and decides success. */
export interface Verification {
  success: boolean;
  /** Share of satisfied checks, 0..1. */
  score: number;
  checks: Check[];
  /** The first failed check in a fixed order, or null. */
  firstFailure: Check | null;
}

/** What the consistency check finds: missing or unknown variables, bounds, units, collisions. */
export interface ConsistencyIssue {
  kind: "missing" | "unknown" | "bounds" | "unit" | "collision";
  message: string;
  variables: string[];
  /** Values that would mend it, where the check can tell. */
  suggestion?: Design;
}

/** The cost of a design and what drives it. */
export interface CostReport {
  costUsd: number;
  maxCostUsd: number;
  satisfied: boolean;
  /** Variables whose decrease makes the design cheaper. */
  drivers: string[];
}

/** A family of problems: generated from seeds, each with its own physics. */
export interface ProblemFamily {
  name: string;
  title: string;
  generate(seed: number, id: string): Problem;
  /** The full physics and every constraint; decides success. */
  verify(problem: Problem, design: Design): Verification;
  /** The engineer's quick model: close to the verifier, but simplified (it leaves margins to the careful). */
  simulate(problem: Problem, design: Design): Check[];
  cost(problem: Problem, design: Design): CostReport;
  consistency(problem: Problem, design: Design): ConsistencyIssue[];
}
