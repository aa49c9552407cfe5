import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { draw } from "#lib/random.ts";
import { createTestDatabase } from "#tests/database.ts";
import { makeAgentType, makeOptimization, makeProduction } from "#tests/factories.ts";
import type { PromptRecord } from "../db/prompts.ts";
import { expireLapsed, release, releaseOrphans, settle } from "./close.ts";
import { type Reservation, type ReservationRequest, reserve } from "./reserve.ts";
import { budgetStatus, setDayCap } from "./status.ts";

let handle: DatabaseHandle;
let drop: () => Promise<void>;
let incumbent: PromptRecord;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  handle = createDatabase({ url: database.url, poolMax: 16 });
  await makeAgentType(handle.db);
  incumbent = await makeProduction(handle.db);
});

afterAll(async () => {
  await handle.close();
  await drop();
});

let days = 0;
let works = 0;

/** A day of its own for each test. */
async function dayWithCap(capUsd: number): Promise<string> {
  const day = new Date(Date.UTC(2030, 0, ++days)).toISOString().slice(0, 10);
  await setDayCap(handle.db, { day, capUsd });
  return day;
}

function request(day: string, amountUsd: number, other: Partial<ReservationRequest> = {}) {
  const workKey = `work-${++works}`;
  const defaults = { optimizationId: null, role: "task", billable: true, leaseMs: 3_600_000 };
  return { day, workKey, amountUsd, ...defaults, ...other };
}

function idOf(reservation: Reservation): string {
  if (!reservation.ok) throw new Error(`refused: ${reservation.reason}`);
  return reservation.reservationId;
}

async function runOf(id: string) {
  const row = await handle.db.optimization.findUniqueOrThrow({ where: { id } });
  return {
    reserved: Number(row.reservedUsd),
    spent: Number(row.spentUsd),
    overshoot: Number(row.overshootUsd),
  };
}

test("money is set aside, the real cost booked, and the rest given back", async () => {
  const { db } = handle;
  const day = await dayWithCap(10);
  const reservationId = idOf(await reserve(db, request(day, 4)));
  expect(await budgetStatus(db, day)).toMatchObject({ reservedUsd: 4, remainingUsd: 6 });
  const first = await settle(db, { reservationId, actualUsd: 1.25 });
  expect(first).toEqual({ settled: true, overshootUsd: 0 });
  const second = await settle(db, { reservationId, actualUsd: 1.25 });
  expect(second).toEqual({ settled: false, overshootUsd: 0 });
  expect(await budgetStatus(db, day)).toMatchObject({ reservedUsd: 0, spentUsd: 1.25 });
});

test("a new day starts with the cap of the settings, 50 USD without one", async () => {
  const { db } = handle;
  expect((await budgetStatus(db, "2031-05-01")).capUsd).toBe(50);
  const value = { key: "dayCapUsd", value: 7.5, updatedBy: "test" };
  await db.setting.create({ data: value });
  const answer = await reserve(db, request("2031-05-02", 7.6));
  expect(answer).toEqual({ ok: false, reason: "day-cap", remainingUsd: 7.5 });
  await db.setting.delete({ where: { key: "dayCapUsd" } });
});

test("of 60 reservations of a dollar at once a cap of 10 USD lets exactly ten through", async () => {
  const { db } = handle;
  const day = await dayWithCap(10);
  const optimizationId = await makeOptimization(db, incumbent, 1_000);
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => reserve(db, request(day, 1, { optimizationId }))),
  );
  expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
  expect(await runOf(optimizationId)).toMatchObject({ reserved: 10 });
  expect(await budgetStatus(db, day)).toMatchObject({ reservedUsd: 10, remainingUsd: 0 });
});

test("when the run's cap refuses, the day is not charged; and the other way round", async () => {
  const { db } = handle;
  const day = await dayWithCap(10);
  const small = await makeOptimization(db, incumbent, 2);
  const large = await makeOptimization(db, incumbent, 100);
  const overRun = await reserve(db, request(day, 3, { optimizationId: small }));
  expect(overRun).toEqual({ ok: false, reason: "run-cap", remainingUsd: 2 });
  const overDay = await reserve(db, request(day, 11, { optimizationId: large }));
  expect(overDay).toEqual({ ok: false, reason: "day-cap", remainingUsd: 10 });
  expect(await budgetStatus(db, day)).toMatchObject({ reservedUsd: 0 });
  expect(await runOf(large)).toMatchObject({ reserved: 0 });
});

test("work that is reserved cannot be reserved again until it is closed", async () => {
  const { db } = handle;
  const day = await dayWithCap(10);
  const work = request(day, 1);
  const reservationId = idOf(await reserve(db, work));
  await expect(reserve(db, work)).rejects.toMatchObject({ code: "conflict" });
  expect(await budgetStatus(db, day)).toMatchObject({ reservedUsd: 1 });
  expect(await release(db, reservationId)).toBe(true);
  expect(await release(db, reservationId)).toBe(false);
  expect((await reserve(db, work)).ok).toBe(true);
});

test("a cost above its reservation is booked in full, and nothing is reserved until it is covered", async () => {
  const { db } = handle;
  const day = await dayWithCap(10);
  const optimizationId = await makeOptimization(db, incumbent, 10);
  const held = idOf(await reserve(db, request(day, 8, { optimizationId })));
  const burst = idOf(await reserve(db, request(day, 2, { optimizationId })));
  const settled = await settle(db, { reservationId: burst, actualUsd: 5 });
  expect(settled).toEqual({ settled: true, overshootUsd: 3 });
  expect(await budgetStatus(db, day)).toMatchObject({ spentUsd: 5, overshootUsd: 3 });
  await settle(db, { reservationId: held, actualUsd: 6 });
  expect(await budgetStatus(db, day)).toMatchObject({ spentUsd: 11, remainingUsd: 0 });
  expect(await runOf(optimizationId)).toEqual({ reserved: 0, spent: 8, overshoot: 3 });
  const more = await reserve(db, request(day, 0.01, { optimizationId }));
  expect(more).toMatchObject({ ok: false, reason: "day-cap" });
});

test("a lapsed reservation counts as spent in full when it could bill somebody, else it is given back", async () => {
  const { db } = handle;
  const day = await dayWithCap(10);
  const optimizationId = await makeOptimization(db, incumbent);
  const brief = { optimizationId, leaseMs: 1 };
  const late = idOf(await reserve(db, request(day, 2, brief)));
  await reserve(db, request(day, 3, { ...brief, billable: false }));
  await reserve(db, request(day, 4, { optimizationId }));
  expect(await expireLapsed(db, new Date(Date.now() + 60_000))).toBe(2);
  expect(await runOf(optimizationId)).toMatchObject({ reserved: 4, spent: 2 });
  expect(await budgetStatus(db, day)).toMatchObject({ reservedUsd: 4, spentUsd: 2 });
  expect(await settle(db, { reservationId: late, actualUsd: 1 })).toMatchObject({ settled: false });
});

test("a resumed run closes its own orphans and nobody else's", async () => {
  const { db } = handle;
  const day = await dayWithCap(10);
  const own = await makeOptimization(db, incumbent);
  const other = await makeOptimization(db, incumbent);
  await reserve(db, request(day, 2, { optimizationId: own, billable: false }));
  await reserve(db, request(day, 1, { optimizationId: own }));
  await reserve(db, request(day, 3, { optimizationId: other }));
  expect(await releaseOrphans(db, own)).toBe(2);
  expect(await runOf(own)).toMatchObject({ reserved: 0, spent: 1 });
  expect(await runOf(other)).toMatchObject({ reserved: 3, spent: 0 });
  expect(await budgetStatus(db, day)).toMatchObject({ reservedUsd: 3, spentUsd: 1 });
});

test("a cap set below what is spent already stops at that, and one set higher lets work go on", async () => {
  const { db } = handle;
  const day = await dayWithCap(10);
  await settle(db, { reservationId: idOf(await reserve(db, request(day, 6))), actualUsd: 6 });
  expect(await setDayCap(db, { day, capUsd: 2 })).toMatchObject({ capUsd: 6, remainingUsd: 0 });
  expect((await reserve(db, request(day, 0.5))).ok).toBe(false);
  await setDayCap(db, { day, capUsd: 7 });
  expect((await reserve(db, request(day, 0.5))).ok).toBe(true);
});

test("amounts are decimals: ten million reservations of a tenth of a cent could not drift", async () => {
  const { db } = handle;
  const day = await dayWithCap(0.3);
  for (const amount of [0.1, 0.2]) {
    const reservationId = idOf(await reserve(db, request(day, amount)));
    await settle(db, { reservationId, actualUsd: amount });
  }
  expect(await budgetStatus(db, day)).toMatchObject({ spentUsd: 0.3, remainingUsd: 0 });
  await expect(reserve(db, request(day, Number.NaN))).rejects.toMatchObject({ code: "invalid" });
});

/** What a worker does with its reservation, in thousandths of a dollar. */
const job = fc.record({
  amount: fc.integer({ min: 0, max: 4_000 }),
  actual: fc.integer({ min: 0, max: 5_000 }),
  end: fc.constantFrom("settle", "settle", "release", "crash"),
  billable: fc.boolean(),
  inRun: fc.boolean(),
});
type Job = typeof job extends fc.Arbitrary<infer Value> ? Value : never;

/** Does one job and answers what the ledger must have booked for it at the end. */
async function work(day: string, run: string, plan: Job): Promise<number> {
  const { db } = handle;
  const held = await reserve(
    db,
    request(day, plan.amount / 1_000, {
      optimizationId: plan.inRun ? run : null,
      billable: plan.billable,
      leaseMs: plan.end === "crash" ? 0 : 3_600_000,
    }),
  );
  const { spentUsd, reservedUsd, overshootUsd, capUsd } = await budgetStatus(db, day);
  expect(spentUsd - overshootUsd + reservedUsd).toBeLessThanOrEqual(capUsd + 1e-9);
  if (!held.ok) return 0;
  const { reservationId } = held;
  switch (plan.end) {
    case "settle":
      await settle(db, { reservationId, actualUsd: plan.actual / 1_000 });
      return plan.actual;
    case "release":
      await release(db, reservationId);
      return 0;
    default:
      await expireLapsed(db, new Date());
      return plan.billable ? plan.amount : 0;
  }
}

test("whatever runs at once, no cap is passed by a cent and spend is the sum of what was settled", async () => {
  const plans = fc.array(job, { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(plans, fc.integer({ min: 1, max: 20 }), async (jobs, capUsd) => {
      const day = await dayWithCap(capUsd);
      const run = await makeOptimization(handle.db, incumbent, capUsd / 2);
      const booked = await Promise.all(
        jobs.map(async (plan) => ({ plan, cost: await work(day, run, plan) })),
      );
      await expireLapsed(handle.db, new Date(Date.now() + 1_000));
      const sum = (kept: typeof booked) => kept.reduce((total, { cost }) => total + cost, 0);
      const status = await budgetStatus(handle.db, day);
      expect(status.reservedUsd).toBe(0);
      expect(Math.round(status.spentUsd * 1_000)).toBe(sum(booked));
      const { reserved, spent, overshoot } = await runOf(run);
      expect(reserved).toBe(0);
      const ofRun = booked.filter(({ plan }) => plan.inRun);
      expect(Math.round((spent + overshoot) * 1_000)).toBe(sum(ofRun));
    }),
    { numRuns: 25 },
  );
}, 120_000);

test("sixteen workers at the edge of a cap are let through or refused, never failed", async () => {
  const { db } = handle;
  const day = await dayWithCap(16);
  // What is left does not suffice for a tenth of the requests, however few of them meet.
  const most = await reserve(db, request(day, 14.6));
  if (!most.ok) throw new Error("a new day has no room");
  const outcomes = { booked: 0, refused: 0 };
  const worker = async (number: number) => {
    const draws = draw("edge", number);
    for (let i = 0; i < 60; i++) {
      const held = await reserve(db, request(day, 0.5 + draws.next()));
      if (!held.ok) outcomes.refused++;
      else {
        await settle(db, { reservationId: held.reservationId, actualUsd: 0.002 * draws.next() });
        outcomes.booked++;
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, number) => worker(number)));
  expect(outcomes.booked + outcomes.refused).toBe(960);
  expect(outcomes.refused).toBeGreaterThan(0);
  expect(outcomes.booked).toBeGreaterThan(0);
  await release(db, most.reservationId);
  expect(await budgetStatus(db, day)).toMatchObject({ reservedUsd: 0, overshootUsd: 0 });
}, 60_000);
