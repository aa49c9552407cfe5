import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dayOf } from "#lib/budget/amounts.ts";
import { budgetStatus } from "#lib/budget/status.ts";
import { systemClock } from "#lib/clock.ts";
import { contentHash } from "#lib/content-hash.ts";
import { loadSuite } from "#lib/db/benchmarks.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import {
  claimCertification,
  endCertification,
  getCertification,
  newestCertification,
} from "#lib/db/judge-certifications.ts";
import { listJudgeLabels } from "#lib/db/judge-labels.ts";
import { insertTrial } from "#lib/db/trials.ts";
import { updateSettings } from "#lib/settings/settings.ts";
import { importSuite } from "#lib/suites/import-suite.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { answersToLabel } from "./answers-to-label.ts";
import { carryOutCertification } from "./certification-work.ts";
import { certify } from "./certify.ts";
import { importLabels } from "./import-labels.ts";
import type { LabelLine } from "./label-line.ts";
import { requestCertification } from "./request-certification.ts";
import { judgeStanding } from "./standing.ts";
import { type ScriptedJudge, scriptedJudge } from "./testing/scripted-judge.ts";

let database: TestDatabase;
let handle: DatabaseHandle;

beforeAll(async () => {
  database = await createTestDatabase();
  handle = createDatabase({ url: database.url });
});

afterAll(async () => {
  await handle.close();
  await database.drop();
});

const grader = { kind: "judge", model: "compatible:judge", rubric: "Names the station." };
const clock = systemClock;

/** A suite of 30 questions that a model judges; `of` changes the grader. */
async function makeSuite(suite: string, of: object = grader): Promise<void> {
  const lines = Array.from({ length: 30 }, (_, i) =>
    JSON.stringify({
      id: `q${i}`,
      input: `${suite}, question ${i}`,
      expected: `station ${i}x`,
      grader: of,
    }),
  );
  await importSuite(handle.db, { suite, text: lines.join("\n"), actor: "test" });
}

/** Right and wrong answers to the questions, as people label them. */
const labelsFor = (count: number): LabelLine[] =>
  Array.from({ length: count }, (_, k) => {
    const pass = k % 2 === 0;
    const i = k % 30;
    return { id: `q${i}`, answer: pass ? `It is station ${i}x (${k}).` : `No idea ${k}.`, pass };
  });

const honest = () => scriptedJudge(({ expected, answer }) => answer.includes(expected));

async function certifyBy(suite: string, judge: ScriptedJudge, costLimitUsd = 5): Promise<string> {
  const { db } = handle;
  const { id } = await requestCertification(db, { suite, costLimitUsd, actor: "test" });
  const claimed = await claimCertification(db, { owner: "test", leaseMs: 60_000, id });
  if (claimed === null) throw new Error("nothing to carry out");
  await carryOutCertification(
    db,
    { certification: claimed, owner: "test" },
    { modelOf: () => judge.resolved, clock, signal: new AbortController().signal },
  );
  return id;
}

async function standingOf(suite: string) {
  return judgeStanding(handle.db, await loadSuite(handle.db, suite));
}

test("a judge that agrees with people is certified; new labels and another rubric make that stale", async () => {
  const { db } = handle;
  await makeSuite("stations");
  expect(await standingOf("stations")).toMatchObject({ state: "uncertified", kappa: null });
  await importLabels(db, { suite: "stations", labels: labelsFor(60), actor: "ann" });
  await certifyBy("stations", honest());
  const certified = await standingOf("stations");
  expect(certified.state).toBe("certified");
  expect(certified.kappa).toMatchObject({ value: 1, n: 60 });
  expect(certified.kappa?.low).toBeGreaterThan(0.6);
  const some = (await loadSuite(db, "stations")).slice(0, 3);
  expect((await judgeStanding(db, some)).state).toBe("certified");

  const more = { id: "q1", answer: "Perhaps.", pass: false };
  await importLabels(db, { suite: "stations", labels: [more], actor: "ann" });
  const stale = await standingOf("stations");
  expect(stale.state).toBe("uncertified");
  expect(stale.reason).toContain("labelled more or otherwise");
  const judge = honest();
  await certifyBy("stations", judge);
  expect((await standingOf("stations")).state).toBe("certified");
  expect(judge.asked, "what was judged before is not paid for again").toEqual(["Perhaps."]);

  const rubric = { ...grader, rubric: "Names the station and the year." };
  const line = { id: "q1", input: "stations, question 1", expected: "station 1x", grader: rubric };
  await importSuite(db, { suite: "stations", text: JSON.stringify(line), actor: "test" });
  const changed = await standingOf("stations");
  expect(changed.reason).toContain("A rubric has changed or is new");
  // The old rows are known still, as evidence that names them.
  expect((await judgeStanding(db, some.slice(0, 1))).state).not.toBe("no-judge");
});

test("labels outlive a change of the judge, whose certification does not", async () => {
  const { db } = handle;
  await makeSuite("outlive");
  await importLabels(db, { suite: "outlive", labels: labelsFor(60), actor: "ann" });
  await certifyBy("outlive", honest());
  await makeSuite("outlive", { ...grader, threshold: 0.9 });
  const another = await standingOf("outlive");
  expect(another.state).toBe("uncertified");
  expect(another.reason).toContain("never compared with people");
  await certifyBy("outlive", honest());
  expect(await standingOf("outlive")).toMatchObject({ state: "certified", kappa: { n: 60 } });
});

test("a judge that passes everything is not certified: anchors, wire and kappa say why", async () => {
  await makeSuite("lenient");
  await importLabels(handle.db, { suite: "lenient", labels: labelsFor(24), actor: "ann" });
  await certifyBy(
    "lenient",
    scriptedJudge(() => true),
  );
  const { state, reason } = await standingOf("lenient");
  expect(state).toBe("uncertified");
  expect(reason).toContain("passed an empty answer");
  expect(reason).toContain("passed a wrong answer");
  expect(reason).toContain("passes 24 of 24 labelled answers");
  expect(reason).toContain("kappa 0.00");
});

test("the bar for kappa is a setting, and holds at once", async () => {
  const { db } = handle;
  await makeSuite("bar");
  await importLabels(db, { suite: "bar", labels: labelsFor(60), actor: "ann" });
  // Passes 4 of the 30 wrong answers.
  const errs = scriptedJudge(
    ({ expected, answer }) => answer.includes(expected) || /^No idea (7|21|35|49)\./.test(answer),
  );
  await certifyBy("bar", errs);
  const before = await standingOf("bar");
  expect(before.state).toBe("certified");
  expect(before.kappa?.value).toBeLessThan(0.9);
  await updateSettings(db, { judgeKappaMin: 0.95 }, "test");
  expect(await standingOf("bar")).toMatchObject({ state: "uncertified" });
  await updateSettings(db, { judgeKappaMin: 0.4 }, "test");
  expect((await standingOf("bar")).state).toBe("certified");
});

test("rules need no certificate", async () => {
  await makeSuite("rules", { kind: "exact" });
  expect(await standingOf("rules")).toMatchObject({ state: "no-judge", kappa: null });
  const request = { suite: "rules", costLimitUsd: 1, actor: "test" };
  await expect(requestCertification(handle.db, request)).rejects.toMatchObject({ code: "invalid" });
});

test("each verdict is settled in the day's budget, and the limit of a certification is never passed", async () => {
  const { db } = handle;
  await makeSuite("money");
  await importLabels(db, { suite: "money", labels: labelsFor(24), actor: "ann" });
  const day = dayOf(clock.now());
  const before = await budgetStatus(db, day);
  const judge = honest();
  const options = { suite: "money", modelOf: () => judge.resolved, clock };
  await expect(certify(db, { ...options, limitUsd: 0.05 })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("What was judged is kept"),
  });
  const between = await budgetStatus(db, day);
  const paidCalls = judge.asked.length;
  const paidUsd = between.spentUsd - before.spentUsd;
  expect(paidUsd).toBeCloseTo(judge.asked.length * 0.002, 9);
  expect(paidUsd).toBeGreaterThan(0);
  expect(paidUsd).toBeLessThanOrEqual(0.05);
  expect(between.reservedUsd).toBe(0);
  const { calls, kept, costUsd } = await certify(db, { ...options, limitUsd: 5 });
  expect(kept).toBeGreaterThan(0);
  expect(calls + kept).toBe(33);
  expect(judge.asked).toHaveLength(paidCalls + calls);
  expect(costUsd).toBeCloseTo(calls * 0.002, 9);
});

test("a judge that gives no verdict ends its certification after ten of them, in its own words", async () => {
  const { db } = handle;
  await makeSuite("silent");
  await importLabels(db, { suite: "silent", labels: labelsFor(60), actor: "ann" });
  const silent = scriptedJudge(() => "I do not know");
  await expect(certifyBy("silent", silent)).rejects.toMatchObject({ code: "unavailable" });
  expect(silent.asked.length).toBeLessThan(15);
  const [row] = await db.judgeCertification.findMany({ where: { suite: "silent" } });
  expect(row).toMatchObject({ state: "failed", failure: expect.stringContaining("I do not know") });
  expect((await standingOf("silent")).state).toBe("uncertified");
});

test("labels are refused for what no model judges, all or none, and repeated ones change nothing", async () => {
  const { db } = handle;
  await makeSuite("labels");
  await importSuite(db, {
    suite: "labels",
    text: JSON.stringify({ id: "rule", input: "?", expected: "!" }),
    actor: "test",
  });
  const good = { id: "q1", answer: "Station.", pass: true };
  const take = (labels: LabelLine[], actor = "ann") =>
    importLabels(db, { suite: "labels", labels, actor });
  await expect(take([good, { ...good, id: "rule" }])).rejects.toThrow(/judged by no model/);
  await expect(take([{ ...good, id: "q99" }])).rejects.toThrow(/not in the suite/);
  expect((await listJudgeLabels(db, { suite: "labels" })).items).toEqual([]);
  expect(await take([good, good])).toMatchObject({ created: 1, unchanged: 1 });
  expect(
    await take([
      { ...good, by: "bob" },
      { ...good, pass: false },
    ]),
  ).toMatchObject({
    created: 2,
  });
  const { items } = await listJudgeLabels(db, { suite: "labels" });
  expect(items.map(({ labelledBy, recordedBy, pass }) => [labelledBy, recordedBy, pass])).toEqual([
    ["ann", "ann", true],
    ["bob", "ann", true],
    ["ann", "ann", false],
  ]);
});

test("the database keeps labels and ended certifications as they are", async () => {
  const { db } = handle;
  const newest = await newestCertification(db, "bar");
  const refused = { meta: { driverAdapterError: { cause: { originalCode: "23001" } } } };
  for (const statement of [
    "UPDATE judge_labels SET pass = NOT pass",
    "DELETE FROM judge_labels",
    "TRUNCATE judge_labels",
    "UPDATE judge_certifications SET result = '{}' WHERE state = 'finished'",
    "UPDATE judge_certifications SET state = 'queued', failure = NULL, finished_at = NULL WHERE state = 'failed'",
    "DELETE FROM judge_certifications",
    "TRUNCATE judge_certifications",
  ])
    await expect(db.$executeRawUnsafe(statement), statement).rejects.toMatchObject(refused);
  expect(await newestCertification(db, "bar")).toEqual(newest);
});

test("a certification whose process died is taken up by another, and the first can no longer end it", async () => {
  const { db } = handle;
  await makeSuite("lease");
  const { id } = await requestCertification(db, { suite: "lease", costLimitUsd: 1, actor: "test" });
  expect(await claimCertification(db, { owner: "one", leaseMs: -1, id })).not.toBeNull();
  expect(await claimCertification(db, { owner: "two", leaseMs: 60_000, id })).not.toBeNull();
  expect(await claimCertification(db, { owner: "three", leaseMs: 60_000, id })).toBeNull();
  const end = { id, owner: "one", now: clock.now() };
  await endCertification(db, end, { failure: "late" });
  expect(await getCertification(db, id)).toMatchObject({ state: "running" });
});

/** A stored trial of a benchmark whose agent answered like this. */
async function storeTrial(suite: string, id: string, answer: string): Promise<void> {
  const benchmark = (await loadSuite(handle.db, suite)).find((one) => one.externalId === id);
  const figures = { costUsd: 0, inputTokens: 1, outputTokens: 1, latencyMs: 1 };
  await insertTrial(
    handle.db,
    {
      evaluationKey: contentHash([suite, id, answer]),
      experimentId: null,
      optimizationId: null,
      agentType: "reader",
      promptId: randomUUID(),
      benchmarkId: benchmark?.id ?? "",
      arm: "baseline",
      runSeed: 1,
      repeat: 0,
    },
    {
      ...figures,
      outcome: "success",
      score: 1,
      failure: null,
      agents: [],
      steps: [
        { agentType: "reader", kind: "thought", text: "Hm." },
        { agentType: "reader", kind: "message", text: answer },
      ],
      criticVerdict: null,
      simulated: true,
    },
  );
}

test("answers to label come from stored trials: whole ones, each once, one a question before a second of any", async () => {
  const { db } = handle;
  await makeSuite("todo");
  await storeTrial("todo", "q1", "One.");
  await storeTrial("todo", "q1", "Another.");
  await storeTrial("todo", "q2", "Two.");
  await storeTrial("todo", "q3", `${"x".repeat(3_999)}…`);
  // The judge changes, the questions do not: their answers stay.
  await makeSuite("todo", { ...grader, threshold: 0.9 });
  await storeTrial("todo", "q2", "Two.");
  const { answers } = await answersToLabel(db, { suite: "todo", by: "ann" });
  expect(answers.map(({ answer }) => answer).sort()).toEqual(["Another.", "One.", "Two."]);
  expect(new Set(answers.slice(0, 2).map(({ id }) => id))).toEqual(new Set(["q1", "q2"]));

  const [first] = answers;
  if (first === undefined) throw new Error("nothing to label");
  const label = { id: first.id, answer: first.answer, pass: true };
  await importLabels(db, { suite: "todo", labels: [label], actor: "ann" });
  const later = await answersToLabel(db, { suite: "todo", by: "ann" });
  expect(later).toEqual({ answers: answers.slice(1), labelled: 1 });
  const other = await answersToLabel(db, { suite: "todo", by: "bob" });
  expect(other).toEqual({ answers, labelled: 0 });
  const given = new Map([["q5", "Five."]]);
  expect((await answersToLabel(db, { suite: "todo", by: "bob", given })).answers).toMatchObject([
    { id: "q5", answer: "Five.", question: { rubrics: ["Names the station."] } },
  ]);
});
