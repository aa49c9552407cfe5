import { z } from "zod";
import { grader } from "#lib/domain/benchmark.ts";

/** One task of a suite, as it stands in the registry. */
export const benchmarkShape = z
  .object({
    id: z.uuid(),
    suite: z.string(),
    externalId: z.string(),
    input: z.string(),
    expected: z.string().nullable(),
    labels: z.array(z.string()).nullable(),
    grader,
    weight: z.number(),
    contentHash: z.string(),
    family: z.string().nullable(),
  })
  .meta({ id: "Benchmark" });
