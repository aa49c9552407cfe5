import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { createTestDatabase } from "#tests/database.ts";
import { budgetStatus } from "../budget/status.ts";
import { applyEnvironmentSettings } from "./environment.ts";
import { getSettings, updateSettings } from "./settings.ts";

let handle: DatabaseHandle;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  handle = createDatabase({ url: database.url });
});

afterAll(async () => {
  await handle.close();
  await drop();
});

test("settings have defaults, change one by one, and leave a trace", async () => {
  const { db } = handle;
  const defaults = {
    automation: "by-model",
    traffic: true,
    dayCapUsd: 50,
    fourEyes: false,
    releaseWithoutProof: false,
    judgeKappaMin: 0.4,
  };
  expect(await getSettings(db)).toEqual(defaults);
  await updateSettings(db, { traffic: false }, "anna");
  await updateSettings(db, { automation: "manual" }, "anna");
  const changed = {
    automation: "manual",
    traffic: false,
    dayCapUsd: 50,
    fourEyes: false,
    releaseWithoutProof: false,
    judgeKappaMin: 0.4,
  };
  expect(await getSettings(db)).toEqual(changed);
  expect(await db.setting.count()).toBe(2);
  const audit = await db.auditEvent.findMany({ where: { action: "settings.update" } });
  expect(audit).toMatchObject([{ actor: "anna", before: defaults }, { after: changed }]);
  await expect(updateSettings(db, { dayCapUsd: -1 }, "anna")).rejects.toMatchObject({
    code: "invalid",
  });
});

test("a new day cap holds today and on the days to come", async () => {
  const { db } = handle;
  const clock = { now: () => new Date("2026-03-01T23:59:00Z") };
  expect((await budgetStatus(db, "2026-03-01")).capUsd).toBe(50);
  await updateSettings(db, { dayCapUsd: 12.5 }, "anna", clock);
  expect((await budgetStatus(db, "2026-03-01")).capUsd).toBe(12.5);
  expect((await budgetStatus(db, "2026-03-02")).capUsd).toBe(12.5);
});

test("the environment's settings are written once, and leave the others as people set them", async () => {
  const { db } = handle;
  await updateSettings(db, { automation: "suggest" }, "anna");
  const trail = () => db.auditEvent.count({ where: { actor: "environment" } });
  const stated = { GENEPOOL_DAY_CAP_USD: 77, GENEPOOL_AUTOMATION: undefined };
  for (let start = 0; start < 2; start++)
    await applyEnvironmentSettings(db, { ...stated, GENEPOOL_TRAFFIC: "on" });
  expect(await getSettings(db)).toMatchObject({ automation: "suggest", dayCapUsd: 77 });
  expect(await trail()).toBe(1);
});

const migration = readFileSync(
  path.join(
    import.meta.dirname,
    "../../prisma/migrations/20261201090100_automation_by_model/migration.sql",
  ),
  "utf8",
);

/** The stored mode after the migration; null when the default holds. */
async function migrated(events: { before: object; after: object }[]): Promise<unknown> {
  const database = await createTestDatabase();
  const { db, close } = createDatabase({ url: database.url });
  try {
    const row = { key: "automation", value: "automatic", updatedBy: "ada" };
    await db.setting.create({ data: row });
    for (const { before, after } of events) {
      const about = { actor: "ada", action: "settings.update", subject: "settings" };
      await db.auditEvent.create({ data: { ...about, before, after } });
    }
    await db.$executeRawUnsafe(migration);
    return (await db.setting.findUnique({ where: { key: "automation" } }))?.value ?? null;
  } finally {
    await close();
    await database.drop();
  }
}

test("an installation keeps the automatic mode that somebody chose, and not the one that came along with another change", async () => {
  const automatic = { automation: "automatic", dayCapUsd: 50 };
  const manual = { automation: "manual", dayCapUsd: 50 };
  const cheaper = { automation: "automatic", dayCapUsd: 20 };
  expect(await migrated([{ before: automatic, after: cheaper }])).toBeNull();
  expect(
    await migrated([
      { before: automatic, after: manual },
      { before: manual, after: automatic },
    ]),
  ).toBe("automatic");
  expect(await migrated([{ before: automatic, after: automatic }])).toBe("automatic");
  expect(await migrated([])).toBe("automatic");
});
