import { afterAll, beforeAll, expect, test } from "vitest";
import { reviewPacket, reviewQueue } from "#lib/http/shapes/review.ts";
import { updateSettings } from "#lib/settings/settings.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import { makeAgentType, makeCandidate, makeProduction } from "#tests/factories.ts";
import * as approveRoute from "./prompts/[promptId]/approve/route.ts";
import * as reviewRoute from "./reviews/[promptId]/route.ts";
import * as reviewsRoute from "./reviews/route.ts";

let api: ApiCaller;

beforeAll(async () => {
  api = await startApi();
  await makeAgentType(api.db);
  await makeAgentType(api.db, { name: "planner" });
});

afterAll(() => api.close());

async function queue(search: string) {
  return reviewQueue.parse(await (await api.ask(reviewsRoute.GET, {}, { search })).json());
}

test("the queue is read page by page, each candidate once, those that wait longest first", async () => {
  const production = await makeProduction(api.db);
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.push((await makeCandidate(api.db, production)).id);
  const planner = await makeProduction(api.db, { agentType: "planner" });
  const other = await makeCandidate(api.db, planner);

  const seen: string[] = [];
  let since = "";
  for (let cursor = ""; ; ) {
    const page = await queue(`?agentType=engineer&limit=2${cursor && `&cursor=${cursor}`}`);
    expect(page.items.length).toBeLessThanOrEqual(2);
    for (const { prompt, waitingSince } of page.items) {
      expect(waitingSince >= since).toBe(true);
      since = waitingSince;
      seen.push(prompt.id);
    }
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(seen.toSorted()).toEqual(ids.toSorted());
  expect((await queue("?agentType=planner")).items.map(({ prompt }) => prompt.id)).toEqual([
    other.id,
  ]);
  expect((await queue("")).items).toHaveLength(6);
  expect((await api.ask(reviewsRoute.GET, {}, { search: "?cursor=foreign" })).status).toBe(404);
  expect((await api.ask(reviewsRoute.GET, {}, { search: "?status=candidate" })).status).toBe(400);
});

test("an approval under four eyes is shown as one", async () => {
  await updateSettings(api.db, { fourEyes: true }, "ada");
  const agentType = "reviewer";
  await makeAgentType(api.db, { name: agentType });
  const { id: promptId } = await makeCandidate(api.db, await makeProduction(api.db, { agentType }));
  const packet = async () =>
    reviewPacket.parse(await (await api.ask(reviewRoute.GET, { promptId })).json());
  const { evidenceDigest, prodGeneration } = await packet();
  const body = { reason: "convincing", evidenceDigest, prodGeneration };
  const answer = await api.ask(approveRoute.POST, { promptId }, { method: "POST", body });
  expect(answer.status).toBe(200);
  expect((await packet()).decisions).toMatchObject([
    { reviewer: "ada", fourEyes: { required: true, held: true } },
  ]);
});
