import { afterAll, beforeAll, expect, test } from "vitest";
import { claimCertification } from "#lib/db/judge-certifications.ts";
import { certificationPage, judgeLabelPage, judgeStandingShape } from "#lib/http/shapes/judge.ts";
import { carryOutCertification } from "#lib/judges/certification-work.ts";
import { scriptedJudge } from "#lib/judges/testing/scripted-judge.ts";
import { importSuite } from "#lib/suites/import-suite.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import * as certificationsRoute from "./suites/[suite]/certifications/route.ts";
import * as judgeRoute from "./suites/[suite]/judge/route.ts";
import * as labelsRoute from "./suites/[suite]/labels/route.ts";

let api: ApiCaller;

beforeAll(async () => {
  api = await startApi();
  const grader = { kind: "judge", model: "compatible:judge" };
  const lines = ["Lima", "Quito", "Paris"].map((expected, i) => ({
    id: `c${i}`,
    input: `Capital ${i}?`,
    expected,
    grader,
  }));
  const text = lines.map((line) => JSON.stringify(line)).join("\n");
  await importSuite(api.db, { suite: "judged", text, actor: "test" });
  const rule = JSON.stringify({ id: "a", input: "b", expected: "c" });
  await importSuite(api.db, { suite: "ruled", text: rule, actor: "test" });
});

afterAll(() => api.close());

const of = { suite: "judged" };
const standing = async (suite = "judged") =>
  judgeStandingShape.parse(await (await api.ask(judgeRoute.GET, { suite })).json());
const send = (body: unknown, params = of) =>
  api.ask(labelsRoute.POST, params, { method: "POST", body });

test("labels are imported as data or as lines, listed with who said so, and refused whole", async () => {
  const label = { id: "c0", answer: "Lima.", pass: true };
  expect((await send({ labels: [label] })).status).toBe(200);
  const jsonl = [
    JSON.stringify({ ...label, pass: false, by: "bob" }),
    "",
    JSON.stringify(label),
  ].join("\n");
  expect(await (await send({ jsonl })).json()).toEqual({
    suite: "judged",
    created: 1,
    unchanged: 1,
  });
  for (const bad of [
    { labels: [label, { ...label, id: "c9" }] },
    { labels: [{ ...label, pass: "yes" }] },
    { jsonl: '{"id": "c0"}' },
    { labels: [label], jsonl },
  ])
    expect((await send(bad)).status).toBe(400);
  expect((await send({ labels: [label] }, { suite: "none" })).status).toBe(404);
  const page = async (search: string) =>
    judgeLabelPage.parse(await (await api.ask(labelsRoute.GET, of, { search })).json());
  const first = await page("?limit=1");
  expect(first.items).toMatchObject([{ benchmark: "c0", pass: true, by: "ada" }]);
  const rest = await page(`?limit=5&cursor=${first.nextCursor}`);
  expect(rest).toMatchObject({ items: [{ by: "bob", recordedBy: "ada" }], nextCursor: null });
});

test("a certification is queued, carried out by another process, and listed with what it rested on", async () => {
  expect(await standing()).toMatchObject({ state: "uncertified", kappa: null });
  const asked = await api.ask(certificationsRoute.POST, of, {
    method: "POST",
    body: { costLimitUsd: 2 },
  });
  expect(asked.status).toBe(202);
  const certification = await claimCertification(api.db, { owner: "test", leaseMs: 60_000 });
  if (certification === null) throw new Error("nothing was queued");
  const judge = scriptedJudge(({ expected, answer }) => answer.includes(expected));
  await carryOutCertification(
    api.db,
    { certification, owner: "test" },
    {
      modelOf: () => judge.resolved,
      clock: { now: () => new Date() },
      signal: new AbortController().signal,
    },
  );
  const page = certificationPage.parse(await (await api.ask(certificationsRoute.GET, of)).json());
  expect(page.items).toMatchObject([
    { state: "finished", requestedBy: "ada", result: { judges: [{ labels: { disputed: 1 } }] } },
  ]);
  const now = await standing();
  expect(now.state).toBe("uncertified");
  expect(now.judges[0]?.shortcomings.join(" ")).toContain("0 of at least 50");
  expect(now.judges[0]?.figures?.anchors.every(({ right }) => right)).toBe(true);
});

test("a suite that rules grade needs no judge, and one that does not exist is not found", async () => {
  expect(await standing("ruled")).toMatchObject({ state: "no-judge", judges: [] });
  const refused = await api.ask(
    certificationsRoute.POST,
    { suite: "ruled" },
    { method: "POST", body: {} },
  );
  expect(refused.status).toBe(400);
  for (const { GET } of [judgeRoute, labelsRoute, certificationsRoute])
    expect((await api.ask(GET, { suite: "none" })).status).toBe(404);
});
