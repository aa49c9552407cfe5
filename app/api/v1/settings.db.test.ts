import { afterAll, beforeAll, expect, test } from "vitest";
import { settingsShape } from "#lib/http/shapes/settings.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import * as settingsRoute from "./settings/route.ts";

let api: ApiCaller;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api.close());

test("a change of one setting leaves the others as people set them", async () => {
  const change = async (body: unknown) =>
    settingsShape.parse(
      await (await api.ask(settingsRoute.PUT, {}, { method: "PUT", body })).json(),
    );
  await change({ automation: "manual", dayCapUsd: 7 });
  await change({ fourEyes: true });
  const all = {
    automation: "manual",
    traffic: false,
    dayCapUsd: 7,
    fourEyes: true,
    releaseWithoutProof: false,
    judgeKappaMin: 0.4,
  };
  expect(await change({ traffic: false })).toEqual(all);
  const unknown = await api.ask(settingsRoute.PUT, {}, { method: "PUT", body: { eyes: 4 } });
  expect(unknown.status).toBe(400);
});
