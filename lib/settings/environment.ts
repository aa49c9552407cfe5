import type { Database } from "#lib/db/client.ts";
import type { Env } from "../env.ts";
import { getSettings, type Settings, type SettingsPatch, updateSettings } from "./settings.ts";

type SettingsEnv = Pick<Env, "GENEPOOL_AUTOMATION" | "GENEPOOL_DAY_CAP_USD" | "GENEPOOL_TRAFFIC">;

/**
 * Writes the settings that the environment states and the database does not have yet; what it leaves open stays as
 * people set it.
 */
export async function applyEnvironmentSettings(db: Database, env: SettingsEnv): Promise<void> {
  const stated: Partial<Settings> = {
    ...(env.GENEPOOL_AUTOMATION === undefined ? {} : { automation: env.GENEPOOL_AUTOMATION }),
    ...(env.GENEPOOL_DAY_CAP_USD === undefined ? {} : { dayCapUsd: env.GENEPOOL_DAY_CAP_USD }),
    ...(env.GENEPOOL_TRAFFIC === "off" ? { traffic: false } : {}),
  };
  const current: Settings = await getSettings(db);
  const patch: SettingsPatch = { ...current, ...stated };
  if (JSON.stringify(patch) !== JSON.stringify(current))
    await updateSettings(db, stated, "environment");
}
