import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { toJson } from "#lib/db/json.ts";
import { parseStored } from "#lib/db/query.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { automationMode } from "#lib/domain/optimization.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { dayOf } from "../budget/amounts.ts";
import { setDayCap } from "../budget/status.ts";
import { type Clock, systemClock } from "../clock.ts";
import { parseInput } from "../parse-input.ts";

/** What people may change while the product runs. */
const fields = z.strictObject({
  /** May observe start optimizations by itself? */
  automation: automationMode,
  /** Does the built-in traffic run the workbench's production prompts? */
  traffic: z.boolean(),
  /** Cap of every UTC day in USD, today's included. */
  dayCapUsd: z.number().min(0).max(1_000_000),
  /** May nobody approve what they proposed themselves? Off for a team of one. */
  fourEyes: z.boolean(),
  /** May an administrator put a prompt into production that no proof stands behind? */
  releaseWithoutProof: z.boolean(),
  /** What the lower bound of a judge's agreement with people (kappa) must reach before verdicts rest on it. */
  judgeKappaMin: z.number().min(0).max(0.95),
});
export type Settings = z.infer<typeof fields>;

/** Each key is one row, absent rows are the defaults. */
const settings = fields.extend({
  automation: fields.shape.automation.default("by-model"),
  traffic: fields.shape.traffic.default(true),
  dayCapUsd: fields.shape.dayCapUsd.default(50),
  fourEyes: fields.shape.fourEyes.default(false),
  releaseWithoutProof: fields.shape.releaseWithoutProof.default(false),
  judgeKappaMin: fields.shape.judgeKappaMin.default(0.4),
});

/** Made from the fields without their defaults: what a patch does not name must stay as it is. */
export const settingsPatch = fields.partial();
export type SettingsPatch = z.infer<typeof settingsPatch>;

export async function getSettings(db: Executor): Promise<Settings> {
  const rows = await db.setting.findMany({ where: { key: { in: Object.keys(settings.shape) } } });
  const stored = Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  return parseStored(settings, stored, "the settings");
}

/** Changes some settings; a new day cap holds from today on. Throws AppError("invalid") for a bad value. */
export async function updateSettings(
  db: Database,
  patch: SettingsPatch,
  actor: string,
  clock: Clock = systemClock,
): Promise<Settings> {
  const parsed = parseInput(settingsPatch, patch, "This setting is");
  const changes = Object.entries(parsed).filter(([, value]) => value !== undefined);
  return inTransaction(db, async (tx) => {
    const before = await getSettings(tx);
    for (const [key, value] of changes) {
      const data = { value: toJson(value), updatedBy: actor, updatedAt: clock.now() };
      await tx.setting.upsert({ where: { key }, create: { key, ...data }, update: data });
    }
    const after = await getSettings(tx);
    if (after.dayCapUsd !== before.dayCapUsd)
      await setDayCap(tx, { day: dayOf(clock.now()), capUsd: after.dayCapUsd });
    await appendAudit(tx, { actor, action: "settings.update", subject: "settings", before, after });
    return after;
  });
}
