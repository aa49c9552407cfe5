import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import * as reviewEndpoints from "#lib/http/endpoints/reviews.ts";
import { optimizationPage, optimizationSummary } from "#lib/http/shapes/optimization.ts";
import { optimizationPreview } from "#lib/http/shapes/preview.ts";
import { reviewPacket } from "#lib/http/shapes/review.ts";
import { tagMovePage } from "#lib/http/shapes/tag.ts";
import { updateSettings } from "#lib/settings/settings.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import { makeAgentType, makeProduction, makePrompt } from "#tests/factories.ts";
import * as movesRoute from "./agents/[agentType]/tags/[tag]/moves/route.ts";
import * as previewRoute from "./optimizations/preview/route.ts";
import * as optimizationsRoute from "./optimizations/route.ts";
import * as releaseRoute from "./prompts/[promptId]/release/route.ts";
import * as reviewRoute from "./reviews/[promptId]/route.ts";

let api: ApiCaller;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api.close());

const failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

async function refusal(answer: Response) {
  return { status: answer.status, ...failure.parse(await answer.json()).error };
}

test("a release is refused while it is off, then moves prod with the mark, and a second one is a conflict", async () => {
  await makeAgentType(api.db);
  const production = await makeProduction(api.db);
  const draft = await makePrompt(api.db, {});
  const release = (body: unknown) =>
    api.ask(releaseRoute.POST, { promptId: draft.id }, { method: "POST", body });
  const body = { reason: "the tool was renamed", prodGeneration: 1 };
  expect(await refusal(await release(body))).toMatchObject({
    status: 403,
    message: expect.stringContaining("An administrator can switch it on"),
  });
  await updateSettings(api.db, { releaseWithoutProof: true }, "test");
  expect((await refusal(await release({ ...body, reason: "hotfix" }))).status).toBe(400);

  const released = reviewEndpoints.releasePrompt.answers[200]?.schema?.parse(
    await (await release(body)).json(),
  );
  expect(released).toMatchObject({
    prompt: { id: draft.id, status: "production", unproven: true },
    tag: { name: "prod", generation: 2 },
    archived_prompt_id: production.id,
  });
  expect((await release({ ...body, prodGeneration: 2 })).status).toBe(409);
  const of = { agentType: "engineer", tag: "prod" };
  const moves = tagMovePage.parse(await (await api.ask(movesRoute.GET, of)).json());
  expect(moves.items.map(({ unproven }) => unproven)).toEqual([true, false]);
  const review = await api.ask(reviewRoute.GET, { promptId: draft.id });
  expect(reviewPacket.parse(await review.json()).decisions).toMatchObject([
    { decision: "released", reviewer: "ada", reason: body.reason },
  ]);
});

test("a proof is previewed and queued with the prompts that it names, and listed as one", async () => {
  await makeAgentType(api.db, { name: "critic" });
  const production = await makeProduction(api.db, { agentType: "critic" });
  const draft = await makePrompt(api.db, { agentType: "critic" });
  const send = (route: typeof optimizationsRoute.POST, prove: string[]) =>
    api.ask(route, {}, { method: "POST", body: { agentType: "critic", config: { prove } } });
  expect((await send(optimizationsRoute.POST, [production.id])).status).toBe(409);
  expect((await send(previewRoute.POST, [production.id])).status).toBe(409);
  const preview = optimizationPreview.parse(
    await (await send(previewRoute.POST, [draft.id])).json(),
  );
  const proves = [{ id: draft.id, version: draft.version }];
  expect(preview).toMatchObject({ proves, proposerCalls: { low: 0, high: 0 } });

  const answer = await send(optimizationsRoute.POST, [draft.id]);
  expect(answer.status).toBe(202);
  const queued = optimizationSummary.parse(await answer.json());
  expect(queued).toMatchObject({ proves, incumbent: { id: production.id }, createdBy: "ada" });
  const listed = await api.ask(optimizationsRoute.GET, {}, { search: "?agentType=critic" });
  expect(optimizationPage.parse(await listed.json()).items).toMatchObject([{ proves }]);
  // A second click is not a second wish.
  expect((await send(optimizationsRoute.POST, [draft.id])).status).toBe(409);
});
