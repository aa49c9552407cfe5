import { z } from "zod";
import { AppError } from "#lib/errors.ts";
import { seedOf } from "#lib/random.ts";
import { families, requireFamily } from "./families.ts";
import type { Problem } from "./problem.ts";

/** Name of the built-in suite. */
export const workbenchSuiteName = "workbench";
const problemsPerFamily = 8;

/** The fixed suite: eight problems of each family. */
export function workbenchSuite(): Problem[] {
  return families.flatMap((family) =>
    Array.from({ length: problemsPerFamily }, (_, k) =>
      family.generate(
        seedOf("suite", family.name, k),
        `${family.name}-${String(k + 1).padStart(2, "0")}`,
      ),
    ),
  );
}

/** Problems that nobody has used yet, the families in turn; other seeds than the suite's by construction. */
export function freshProblems(count: number, seed: number): Problem[] {
  return Array.from({ length: count }, (_, n) => {
    const family = families[n % families.length];
    if (family === undefined) throw new AppError("internal", "there are no families");
    return family.generate(
      seedOf("fresh", seed, family.name, n),
      `${family.name}-fresh-${seed}-${n}`,
    );
  });
}

const problemInput = z.object({ id: z.string(), family: z.string(), seed: z.int() });

/** A problem as the input of a benchmark: its family and seed give it again. */
export function inputOf(problem: Problem): string {
  return JSON.stringify({
    id: problem.id,
    family: problem.family,
    seed: problem.seed,
    statement: problem.statement,
  });
}

/** The problem of a benchmark's input; throws AppError("invalid") when the text holds none. */
export function problemFromInput(input: string): Problem {
  const parsed = problemInput.safeParse(safeJson(input));
  if (!parsed.success)
    throw new AppError("invalid", "This benchmark's input is no workbench problem.");
  return requireFamily(parsed.data.family).generate(parsed.data.seed, parsed.data.id);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller refuses what is no problem, whatever it is.
    return null;
  }
}
