import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDatabase, type Database } from "#lib/db/client.ts";
import {
  claimOptimization,
  requeueOptimization,
  requireOptimization,
} from "#lib/db/optimizations.ts";
import { createTrialPool, type TrialPool } from "#lib/harness/pool.ts";
import { resumeOptimization } from "#lib/optimizations/resume-optimization.ts";
import { stopOptimization } from "#lib/optimizations/stop-optimization.ts";
import { createTestDatabase } from "#tests/database.ts";
import { carryOut } from "./stored-run.ts";
import { finalRows, prepareRun } from "./testing/small-run.ts";

const models = { keys: {} };
let pool: TrialPool;

beforeAll(() => {
  pool = createTrialPool({ models, threads: 1 });
});

afterAll(() => pool.close());

/** Carries the run out; asks for its end once `stopAfter` trials are done. */
async function carryOutUntil(db: Database, id: string, stopAfter: number | null): Promise<void> {
  const claimed = await claimOptimization(db, { owner: "test", leaseMs: 60_000, id });
  if (claimed === null) throw new Error("nothing to take up");
  const asked: Promise<unknown>[] = [];
  const onProgress = (done: number) => {
    if (stopAfter !== null && done >= stopAfter && asked.length === 0)
      asked.push(stopOptimization(db, id, "ada"));
  };
  await carryOut(claimed, { db, pool, models, clock: systemClock, onProgress });
  await Promise.all(asked);
}

test("a run that is stopped and resumed ends with the rows of one that never stopped, and nothing is billed twice", {
  timeout: 180_000,
}, async () => {
  const [calmDatabase, stoppedDatabase] = [await createTestDatabase(), await createTestDatabase()];
  const calm = createDatabase({ url: calmDatabase.url });
  const stopped = createDatabase({ url: stoppedDatabase.url });
  const calmId = await prepareRun(calmDatabase.url, 3);
  await carryOutUntil(calm.db, calmId, null);
  const expected = await finalRows(calm.db, calmId);

  const id = await prepareRun(stoppedDatabase.url, 3);
  await expect(resumeOptimization(stopped.db, id, { actor: "ada" })).rejects.toMatchObject({
    code: "conflict",
  });
  for (const stopAfter of [8, 40, 90]) {
    await carryOutUntil(stopped.db, id, stopAfter);
    const { state } = await requireOptimization(stopped.db, id);
    if (state === "finished") break;
    expect(state).toBe("stopped");
    expect((await resumeOptimization(stopped.db, id, { actor: "ada" })).state).toBe("queued");
  }
  if ((await requireOptimization(stopped.db, id)).state === "queued")
    await carryOutUntil(stopped.db, id, null);
  expect(await finalRows(stopped.db, id)).toEqual(expected);
  await expect(resumeOptimization(stopped.db, id, { actor: "ada" })).rejects.toThrow(
    "came to its own end",
  );
  const actions = await stopped.db.auditEvent.findMany({ where: { actor: "ada" } });
  expect(new Set(actions.map(({ action }) => action))).toEqual(
    new Set(["optimization.stop", "optimization.resume"]),
  );

  // A replay of the finished run: nothing is called, nothing is billed, and the outcome is the same.
  const ledger = () => stopped.db.budgetReservation.count();
  const before = await ledger();
  await requeueOptimization(stopped.db, id, new Date());
  await carryOutUntil(stopped.db, id, null);
  expect(await ledger()).toBe(before);
  expect(await finalRows(stopped.db, id)).toEqual(expected);
  await Promise.all([calm.close(), stopped.close()]);
  await Promise.all([calmDatabase.drop(), stoppedDatabase.drop()]);
});
