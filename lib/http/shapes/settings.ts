import { z } from "zod";
import { automationMode } from "#lib/domain/optimization.ts";

/** What people may change while the product runs. */
export const settingsShape = z.object({
  automation: automationMode,
  traffic: z.boolean(),
  dayCapUsd: z.number(),
  fourEyes: z.boolean(),
  releaseWithoutProof: z.boolean(),
  judgeKappaMin: z.number(),
});
export type SettingsShape = z.infer<typeof settingsShape>;
