import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
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
  expect(page.items).toContainEqual({ suite: "triage", benchmarks: 3 });
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
  expect(trialWithTrace.parse(await one.json()).steps[0]?.text).toBe("done");
  const none = await api.ask(trialRoute.GET, { evaluationKey: "f".repeat(64) });
  expect(none.status).toBe(404);
});
