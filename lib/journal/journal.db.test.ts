import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { createTestDatabase } from "#tests/database.ts";
import { makeAgentType, makeProduction, makeRun } from "#tests/factories.ts";
import { agentWindow } from "./agent-window.ts";
import { recordRuns } from "./record-runs.ts";
import { failedRuns, getRun, listRuns } from "./runs.ts";
import { successSeries } from "./success-series.ts";

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

let agents = 0;
const nextAgent = () => `agent-${++agents}`;

async function hoursOf(agentType: string) {
  const rows = await handle.db.journalHour.findMany({
    where: { agentType },
    orderBy: { hour: "asc" },
  });
  return rows.map(({ hour, runs, successes }) => [hour.toISOString(), runs, successes]);
}

const failure = {
  errorClass: "constraint-violated" as const,
  signature: "constraint-violated:submit_solution:collision",
  message: "two parts overlap",
  failedCheck: "collision",
};

test("a run is kept with its steps as it was sent", async () => {
  const { db } = handle;
  const agentType = nextAgent();
  const steps = [
    { agentType, kind: "thought" as const, text: "The beam is too thin." },
    {
      agentType,
      kind: "tool-call" as const,
      text: "simulate",
      toolName: "simulate",
      data: { w: 1 },
    },
    { agentType: "critic", kind: "critic-verdict" as const, text: "No.", data: { pass: false } },
  ];
  const run = makeRun({ agentType, outcome: "failure", failure, steps, model: "simulated" });
  const told = { source: "api", actor: "key:controller" } as const;
  expect(await recordRuns(db, [run], told)).toEqual({ recorded: 1, known: 0 });
  expect(await recordRuns(db, [run], told)).toEqual({ recorded: 0, known: 1 });
  const events = await db.auditEvent.findMany({ where: { actor: told.actor } });
  expect(events).toMatchObject([
    { action: "runs.record", after: { recorded: 1, agentTypes: [run.agentType] } },
  ]);
  expect(await getRun(db, run.runId)).toMatchObject({
    runId: run.runId,
    outcome: "failure",
    errorSignature: failure.signature,
    failure,
    steps,
    source: "api",
  });
});

test("a run counts once however often and by however many callers it is sent", async () => {
  const { db } = handle;
  const agentType = nextAgent();
  const runs = Array.from({ length: 40 }, (_, i) =>
    makeRun({ agentType, outcome: i % 4 === 0 ? "failure" : "success" }),
  );
  const batches = [runs, runs.toReversed(), runs.slice(10), [...runs.slice(0, 20), ...runs]];
  const answers = await Promise.all(
    batches.map((batch) => recordRuns(db, batch, { source: "api" })),
  );
  expect(answers.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(40);
  expect(await hoursOf(agentType)).toEqual([["2026-01-01T12:00:00.000Z", 40, 30]]);
  const first = runs[0];
  const changed = { ...makeRun(), ...first, outcome: "success" as const };
  expect(await recordRuns(db, [changed], { source: "api" })).toEqual({ recorded: 0, known: 1 });
  expect(await getRun(db, changed.runId)).toMatchObject({ outcome: "failure" });
});

test("concurrent batches over the same hours and prompts neither deadlock nor lose a run", async () => {
  const { db } = handle;
  const agentType = nextAgent();
  const prompts = Array.from({ length: 5 }, () => crypto.randomUUID());
  const runsOf = (batch: number) =>
    Array.from({ length: 60 }, (_, i) =>
      makeRun({
        agentType,
        promptId: prompts[(i * (batch + 1)) % 5] ?? null,
        startedAt: new Date(Date.UTC(2026, 0, 1, (i * 7 + batch) % 24)),
      }),
    );
  const batches = Array.from({ length: 12 }, (_, batch) =>
    recordRuns(db, runsOf(batch), { source: "api" }),
  );
  await Promise.all(batches);
  const sum = await db.journalHour.aggregate({ where: { agentType }, _sum: { runs: true } });
  expect(sum._sum.runs).toBe(720);
});

test("texts that Postgres cannot hold are repaired, and large step data is replaced by a note of its size", async () => {
  const { db } = handle;
  const agentType = nextAgent();
  const text = "a\u0000b \uD800 c";
  const steps = [
    { agentType, kind: "tool-result" as const, text, data: { text, list: [text] } },
    { agentType, kind: "tool-result" as const, text: "big", data: "x".repeat(30_000) },
  ];
  const run = makeRun({ agentType, steps });
  await recordRuns(db, [run], { source: "api" });
  const repaired = "a\uFFFDb \uFFFD c";
  expect((await getRun(db, run.runId))?.steps).toMatchObject([
    { text: repaired, data: { text: repaired, list: [repaired] } },
    { data: { omitted: true, characters: 30_002 } },
  ]);
});

test("a batch with one bad run is refused whole, with the run's place", async () => {
  const { db } = handle;
  const agentType = nextAgent();
  const runs = [makeRun({ agentType }), makeRun({ agentType, costUsd: -1 })];
  await expect(recordRuns(db, runs, { source: "api" })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("runs[1].costUsd"),
  });
  const many = Array.from({ length: 501 }, () => makeRun({ agentType }));
  await expect(recordRuns(db, many, { source: "api" })).rejects.toMatchObject({ code: "invalid" });
  expect((await listRuns(db, { agentType })).items).toEqual([]);
});

test("the window looks at the last runs only and gives intervals and percentiles", async () => {
  const { db } = handle;
  const agentType = nextAgent();
  const runs = Array.from({ length: 30 }, (_, i) =>
    makeRun({
      agentType,
      outcome: i < 10 || i % 4 === 0 ? "success" : "failure",
      latencyMs: (i + 1) * 100,
      startedAt: new Date(Date.UTC(2026, 0, 1, 0, i)),
    }),
  );
  await recordRuns(db, runs, { source: "api" });
  const window = await agentWindow(db, agentType, 20);
  expect(window).toMatchObject({ runs: 20, successes: 5, success: { value: 0.25, n: 20 } });
  expect(window.success.low).toBeCloseTo(0.112, 3);
  expect(window.success.high).toBeCloseTo(0.469, 3);
  expect(window.costUsd).toMatchObject({ value: expect.closeTo(0.01, 9), n: 20 });
  expect(window.latencyP50Ms).toBeCloseTo(2_050, 6);
  expect(window.latencyP95Ms).toBeCloseTo(2_905, 6);
  const nothing = await agentWindow(db, "nobody", 20);
  expect(nothing).toMatchObject({ runs: 0, latencyP50Ms: null, success: { low: 0, high: 1 } });
});

test("the series has a point for each bucket with runs, its band, and the moves of prod", async () => {
  const { db } = handle;
  const agentType = nextAgent();
  await makeAgentType(db, { name: agentType });
  const production = await makeProduction(db, { agentType });
  const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour, 30));
  await recordRuns(
    db,
    [0, 1, 1, 7, 30].map((hour) => makeRun({ agentType, startedAt: at(hour) })),
    { source: "api" },
  );
  const range = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-01-03T00:00:00Z") };
  const countsBy = async (bucket: "hour" | "6h" | "day") => {
    const { points } = await successSeries(db, agentType, { ...range, bucket });
    return points.map((point) => [point.at.toISOString().slice(0, 13), point.success.n]);
  };
  expect(await countsBy("hour")).toEqual([
    ["2026-01-01T00", 1],
    ["2026-01-01T01", 2],
    ["2026-01-01T07", 1],
    ["2026-01-02T06", 1],
  ]);
  expect(await countsBy("6h")).toEqual([
    ["2026-01-01T00", 3],
    ["2026-01-01T06", 1],
    ["2026-01-02T06", 1],
  ]);
  expect(await countsBy("day")).toEqual([
    ["2026-01-01T00", 4],
    ["2026-01-02T00", 1],
  ]);
  const now = Date.now();
  const today = { from: new Date(now - 3_600_000), to: new Date(now + 3_600_000) };
  const { prodMoves } = await successSeries(db, agentType, { ...today, bucket: "hour" });
  expect(prodMoves.map(({ toPromptId }) => toPromptId)).toEqual([production.id]);
  const backwards = successSeries(db, agentType, { from: range.to, to: range.from, bucket: "day" });
  await expect(backwards).rejects.toMatchObject({ code: "invalid" });
});

test("lists filter and page through every run once, newest first", async () => {
  const { db } = handle;
  const agentType = nextAgent();
  const startedAt = new Date("2026-01-01T00:00:00Z");
  const runs = Array.from({ length: 9 }, (_, i) =>
    makeRun({
      agentType,
      runId: `${agentType}-${i}`,
      startedAt,
      ...(i % 3 === 0 ? { outcome: "failure" as const, failure } : {}),
    }),
  );
  await recordRuns(db, runs, { source: "traffic" });
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listRuns(db, { agentType, limit: 4, cursor });
    seen.push(...page.items.map(({ runId }) => runId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual(runs.map(({ runId }) => runId));
  const failed = await listRuns(db, { agentType, errorSignature: failure.signature });
  expect(failed.items).toHaveLength(3);
  expect(await failedRuns(db, agentType, 2)).toHaveLength(2);
});
