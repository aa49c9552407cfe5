import { appendFile } from "node:fs/promises";
import { z } from "zod";
import { linesOf } from "../agent/kept-runs.ts";
import { modes, type NullRun } from "./modes.ts";
import { settings } from "./product.ts";

const nullRun = z.object({
  mode: z.enum(modes),
  cell: z.string(),
  setting: z.enum(settings),
  size: z.int(),
  seed: z.int(),
  falsePromotion: z.boolean(),
  truePromotion: z.boolean(),
  found: z.boolean(),
  harmfulFinalists: z.int(),
  harmfulCondemned: z.int(),
  harmfulPromoted: z.int(),
  harmlessFinalists: z.int(),
  harmlessCondemned: z.int(),
  ordered: z.int(),
});

/** Runs that a file keeps; none where there is no file. */
export async function keptNullRuns(file: string): Promise<NullRun[]> {
  return (await linesOf(file)).map((line) => nullRun.parse(JSON.parse(line)));
}

export async function keepNullRun(file: string, run: NullRun): Promise<void> {
  await appendFile(file, `${JSON.stringify(run)}\n`);
}
