import type { Grader } from "#lib/domain/grader.ts";
import type { Problem } from "./problem.ts";
import { inputOf, workbenchSuiteName } from "./suite.ts";

/** A problem as a benchmark of the built-in suite. */
export function benchmarkOf(problem: Problem) {
  const grader: Grader = { kind: "workbench" };
  return {
    suite: workbenchSuiteName,
    externalId: problem.id,
    family: problem.family,
    input: inputOf(problem),
    expected: null,
    labels: null,
    grader,
    weight: 1,
    required: true,
  };
}
