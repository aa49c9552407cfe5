import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { insertTrial } from "#lib/db/trials.ts";
import { importedSuite, suitePage } from "#lib/http/shapes/benchmark.ts";
import { experimentPage } from "#lib/http/shapes/experiment.ts";
import { trialPage, trialWithTrace } from "#lib/http/shapes/trial.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import {
  makeAgentType,
  makeConfirmation,
  makeProduction,
  makePrompt,
  makeVerdict,
} from "#tests/factories.ts";
import * as trialsRoute from "./experiments/[experimentId]/trials/route.ts";
import * as experimentsRoute from "./experiments/route.ts";
import * as importRoute from "./suites/[suite]/benchmarks/route.ts";
import * as suitesRoute from "./suites/route.ts";
import * as trialRoute from "./trials/[evaluationKey]/route.ts";

let api: ApiCaller;

beforeAll(async () => {
  api = await startApi();
  await makeAgentType(api.db);
});

afterAll(() => api.close());

const suite = { suite: "triage" };
const lines = (answer: string) =>
  Array.from({ length: 3 }, (_, i) => ({ id: `case-${i}`, input: `case ${i}`, expected: answer }));

async function importLines(benchmarks: unknown) {
  return api.ask(importRoute.POST, suite, { method: "POST", body: { benchmarks } });
}

test("a suite is imported once, again without effect, and changed rows retire their former ones", async () => {
  const first = importedSuite.parse(await (await importLines(lines("yes"))).json());
  expect(first).toMatchObject({ created: 3, unchanged: 0, retired: 0 });
  const again = importedSuite.parse(await (await importLines(lines("yes"))).json());
  expect(again).toMatchObject({ created: 0, unchanged: 3, retired: 0 });
  const changed = importedSuite.parse(await (await importLines(lines("no"))).json());
  expect(changed).toMatchObject({ created: 3, unchanged: 0, retired: 3 });
  expect((await importLines([{ id: "x" }])).status).toBe(400);
  expect((await importLines([...lines("no"), ...lines("maybe")])).status).toBe(400);
  const page = suitePage.parse(await (await api.ask(suitesRoute.GET, {})).json());
  expect(page.items).toContainEqual({ suite: "triage", benchmarks: 3, groups: 3, sealed: 1 });
});

test("a file of lines is checked without writing, and every bad line of it is named", async () => {
  const post = (jsonl: string, search = "") =>
    api.ask(importRoute.POST, { suite: "file" }, { method: "POST", body: { jsonl }, search });
  const good = lines("yes")
    .map((line) => JSON.stringify(line))
    .join("\n");
  const checked = importedSuite.parse(await (await post(good, "?check=true")).json());
  expect(checked).toMatchObject({ checked: true, created: 3, unchanged: 0, retired: 0 });
  const bad = [
    good,
    "{",
    '{"id": "p", "input": "x", "grader": {"kind": "regex", "pattern": "("}}',
    '{"id": "c", "input": "x", "grader": {"kind": "command", "command": "rm@1"}}',
    '{"id": "case-1", "input": "again", "expected": "yes"}',
  ].join("\n");
  const refused = await post(bad);
  expect(refused.status).toBe(400);
  const { error } = z
    .object({
      error: z.object({
        details: z.object({ errors: z.array(z.object({ line: z.int(), message: z.string() })) }),
      }),
    })
    .parse(await refused.json());
  expect(error.details.errors.map(({ line }) => line)).toEqual([4, 5, 6, 7]);
  expect(error.details.errors[1]?.message).toContain("missing closing )");
  expect(error.details.errors[2]?.message).toContain("GENEPOOL_GRADER_COMMANDS_FILE");
  expect(error.details.errors[3]?.message).toContain("line 2");
  expect(await api.db.benchmark.count({ where: { suite: "file" } })).toBe(0);
  const imported = importedSuite.parse(await (await post(good)).json());
  expect(imported).toMatchObject({ checked: false, created: 3 });
  const both = { jsonl: good, benchmarks: lines("yes") };
  const twice = await api.ask(importRoute.POST, { suite: "file" }, { method: "POST", body: both });
  expect(twice.status).toBe(400);
});

test("an import names contradicting inputs of the whole suite, of earlier imports too", async () => {
  const post = (benchmarks: unknown, search = "") =>
    api.ask(importRoute.POST, { suite: "pairs" }, { method: "POST", body: { benchmarks }, search });
  await post([{ id: "first", input: "2 + 2", expected: "4" }]);
  const second = [{ id: "second", input: "2 + 2", expected: "5", required: true }];
  const [checked, imported] = [
    importedSuite.parse(await (await post(second, "?check=true")).json()),
    importedSuite.parse(await (await post(second)).json()),
  ];
  expect(imported).toMatchObject({
    groups: 1,
    sealed: 0,
    repeated: { groups: 1, rows: 2, first: [{ rows: 2, ids: ["first", "second"] }] },
    contradictions: { groups: 1, first: [{ answers: [{ expected: "4" }, { expected: "5" }] }] },
    advice: expect.stringContaining("Import 39 or more"),
  });
  expect({ ...checked, checked: false }).toEqual(imported);
});

test("experiments are listed by what they were about, and trials page with their traces", async () => {
  const production = await makeProduction(api.db);
  const prompt = await makePrompt(api.db);
  const experimentId = await makeConfirmation(api.db, prompt, production, makeVerdict());
  const listed = async (search: string) =>
    experimentPage.parse(await (await api.ask(experimentsRoute.GET, {}, { search })).json()).items;
  expect((await listed(`?promptId=${prompt.id}`)).map(({ id }) => id)).toEqual([experimentId]);
  expect(await listed(`?promptId=${prompt.id}&kind=search`)).toEqual([]);
  const [benchmark] = await api.db.benchmark.findMany({ where: { retiredAt: null }, take: 1 });
  for (let repeat = 0; repeat < 3; repeat++) {
    await insertTrial(
      api.db,
      {
        evaluationKey: String(repeat).repeat(64),
        experimentId,
        optimizationId: null,
        agentType: "engineer",
        promptId: prompt.id,
        benchmarkId: benchmark?.id ?? randomUUID(),
        arm: "candidate",
        runSeed: 1,
        repeat,
      },
      {
        outcome: repeat === 0 ? "failure" : "success",
        score: 1,
        costUsd: 0.01,
        inputTokens: 10,
        outputTokens: 5,
        latencyMs: 100,
        failure: null,
        agents: [],
        steps: [{ agentType: "engineer", kind: "message", text: "done" }],
        criticVerdict: null,
        grades: [{ grader: "judge", score: 1, pass: true, reason: "Fine.", costUsd: 0.004 }],
        simulated: true,
      },
    );
  }
  const trialsOf = async (search: string) =>
    trialPage.parse(await (await api.ask(trialsRoute.GET, { experimentId }, { search })).json());
  const first = await trialsOf("?limit=2");
  expect(first.items.map(({ repeat }) => repeat)).toEqual([0, 1]);
  const rest = await trialsOf(`?limit=2&cursor=${first.nextCursor}`);
  expect(rest.items.map(({ repeat }) => repeat)).toEqual([2]);
  expect((await trialsOf("?outcome=failure")).items).toHaveLength(1);
  const one = await api.ask(trialRoute.GET, { evaluationKey: "0".repeat(64) });
  const shown = trialWithTrace.parse(await one.json());
  expect(shown.steps[0]?.text).toBe("done");
  expect(shown.grades).toEqual([
    { grader: "judge", score: 1, pass: true, reason: "Fine.", costUsd: 0.004 },
  ]);
  const none = await api.ask(trialRoute.GET, { evaluationKey: "f".repeat(64) });
  expect(none.status).toBe(404);
});
