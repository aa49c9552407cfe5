import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { draw } from "#lib/random.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeOptimization, makeProduction } from "#tests/factories.ts";
import { expireLapsed } from "./close.ts";
import { budgetStatus, setDayCap } from "./status.ts";

const child = fileURLToPath(new URL("./testing/spend-child.ts", import.meta.url));
const processes = 4;
const killsPerPlace = 3;
const day = "2031-03-01";
const capUsd = 400;

let testDatabase: TestDatabase;
let handle: DatabaseHandle;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url });
});

afterAll(async () => {
  await handle.close();
  await testDatabase.drop();
});

/** What the provider was asked for, by reservation, in thousandths of a dollar. */
type Calls = Map<string, number>;

/** Runs one process; kills it without warning after it has made some calls. Answers whether it came to its end. */
function spend(name: string, optimizationId: string, calls: Calls, killAfterCalls: number | null) {
  return new Promise<"done" | "killed">((resolve, reject) => {
    const options = ["--import", "tsx", child, testDatabase.url, day, optimizationId, name];
    const worker: ChildProcess = spawn(process.execPath, options, {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [rest, errors, seen] = ["", "", 0];
    worker.stdout?.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [word, id = "", cost = ""] = line.split(" ");
        if (word === "call") calls.set(id, Math.round(Number(cost) * 1_000));
        seen++;
      }
      if (killAfterCalls !== null && seen >= killAfterCalls) worker.kill("SIGKILL");
    });
    worker.stderr?.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
    });
    worker.on("exit", (code, signal) => {
      if (signal === "SIGKILL") resolve("killed");
      else if (code === 0) resolve("done");
      else reject(new Error(`the child failed: ${errors.slice(-2_000)}`));
    });
  });
}

/** Keeps one place of work busy: a process that dies is followed by another one. */
async function keepSpending(place: number, optimizationId: string, calls: Calls): Promise<number> {
  const draws = draw("chaos", place);
  let kills = 0;
  for (let life = 0; ; life++) {
    const killAfter = kills < killsPerPlace ? 3 + draws.int(15) : null;
    const end = await spend(`${place}-${life}`, optimizationId, calls, killAfter);
    if (end === "done") return kills;
    kills++;
  }
}

test("64 jobs at once in processes that are killed: no cap is passed, and every call is booked once", {
  timeout: 240_000,
}, async () => {
  const { db } = handle;
  await makeAgentType(db);
  const optimizationId = await makeOptimization(db, await makeProduction(db), capUsd / 2);
  await setDayCap(db, { day, capUsd });
  const calls: Calls = new Map();
  let highestUsd = 0;
  let watching = true;
  const watch = async () => {
    while (watching) {
      const { spentUsd, reservedUsd } = await budgetStatus(db, day);
      highestUsd = Math.max(highestUsd, spentUsd + reservedUsd);
    }
  };
  const watched = watch();
  const places = Array.from({ length: processes }, (_, place) =>
    keepSpending(place, optimizationId, calls),
  );
  const kills = await Promise.all(places);
  watching = false;
  await watched;
  expect(kills).toEqual(Array.from({ length: processes }, () => killsPerPlace));
  expect(highestUsd).toBeLessThanOrEqual(capUsd);

  // The processes that died held money: it may have been billed, so it counts.
  await expireLapsed(db, new Date(Date.now() + 7_200_000));
  const rows = await db.budgetReservation.findMany({ where: { day: new Date(day) } });
  const mills = (value: unknown) => Math.round(Number(value) * 1_000);
  const settled = new Map(rows.map((row) => [row.id, row]));
  for (const [id, cost] of calls) {
    const row = settled.get(id);
    if (row?.state === "settled") expect(mills(row.settledUsd)).toBe(cost);
    // The call was made and its process died before booking it: all that was reserved counts.
    else expect([row?.state, mills(row?.settledUsd)]).toEqual(["expired", mills(row?.amountUsd)]);
  }
  const booked = rows.reduce((sum, row) => sum + mills(row.settledUsd), 0);
  const called = [...calls.values()].reduce((sum, cost) => sum + cost, 0);
  const status = await budgetStatus(db, day);
  expect(status.reservedUsd).toBe(0);
  expect(mills(status.spentUsd)).toBe(booked);
  expect(booked).toBeGreaterThanOrEqual(called);
  expect(status.spentUsd).toBeLessThanOrEqual(capUsd);
  expect(rows.filter(({ state }) => state === "settled").length).toBeGreaterThan(100);
});
