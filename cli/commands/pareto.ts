import type { Command } from "commander";
import { z } from "zod";
import { AppError } from "#lib/errors.ts";
import { hypervolumeOf, rankPoints, selectPoints } from "#lib/pareto/objectives.ts";
import { parseJson, readStandardInput, wholeNumber } from "../input.ts";

const points = z.strictObject({
  objectives: z.array(z.array(z.number()).min(1)).min(1),
  violations: z.array(z.number().nonnegative()).optional(),
  directions: z.array(z.enum(["min", "max"])).optional(),
  reference: z.array(z.number()).optional(),
});

/** `genepool pareto rank|select|hypervolume`: the search's kernels for scripts, JSON in and out. */
export function addParetoCommand(program: Command): void {
  const pareto = program
    .command("pareto")
    .description("rank points, select survivors, measure hypervolume (JSON on standard input)")
    .addHelpText(
      "after",
      `
Input: {"objectives": number[][], "violations"?: number[], "directions"?: ("min"|"max")[], "reference"?: number[]}
Directions default to "min"; a crowding distance of null is infinite.

Example:
  echo '{"objectives": [[1, 2], [2, 1], [2, 2]]}' | genepool pareto rank`,
    );
  pareto
    .command("rank")
    .description("front of each point (0 first) and its crowding distance")
    .action(async () => print(rankPoints(await readPoints(["reference"]))));
  pareto
    .command("select")
    .description("the points that survive by rank and crowding distance")
    .requiredOption("--size <K>", "number of survivors", wholeNumber("--size", 1, 10_000_000))
    .action(async ({ size }: { size: number }) => {
      const input = await readPoints(["reference"]);
      if (size > input.objectives.length) {
        throw new AppError(
          "invalid",
          `--size ${size} is more than the ${input.objectives.length} points given.`,
        );
      }
      print({ ...rankPoints(input), survivors: selectPoints({ ...input, size }) });
    });
  pareto
    .command("hypervolume")
    .description("volume between the points and the reference")
    .action(async () => {
      const { reference, ...input } = await readPoints(["violations"]);
      if (reference === undefined)
        throw new AppError("invalid", 'The input needs a "reference" point.');
      print({ hypervolume: hypervolumeOf({ ...input, reference }) });
    });
}

type Points = {
  objectives: number[][];
  violations?: number[];
  directions?: ("min" | "max")[];
  reference?: number[];
};

async function readPoints(unused: readonly (keyof Points)[]): Promise<Points> {
  const parsed = points.safeParse(
    parseJson(await readStandardInput("the points as JSON"), "Standard input"),
  );
  if (!parsed.success)
    throw new AppError(
      "invalid",
      `The points are not as expected: ${z.prettifyError(parsed.error)}`,
    );
  const given = Object.entries(parsed.data).filter(
    ([key, value]) => value !== undefined && !unused.some((u) => u === key),
  );
  return Object.fromEntries(given) as Points;
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
