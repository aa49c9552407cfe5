/** Who is optimized without being asked: without Temporal, where a wish is a queued optimization. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { listOptimizations } from "#lib/db/optimizations.ts";
import { type AutomationMode, automationModes } from "#lib/domain/optimization.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import { recordRuns } from "#lib/journal/record-runs.ts";
import { createLogger } from "#lib/log.ts";
import { importSuite } from "#lib/suites/import-suite.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeProduction, makeRun } from "#tests/factories.ts";
import { observeOnce } from "./observer.ts";

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

/** Looks until nobody is left whom the observer would start; answers whom it started. */
async function started(mode: AutomationMode, model: string | null = null): Promise<string[]> {
  const names: string[] = [];
  for (let look = 0; look < 20; look++) {
    const name = await observeOnce({
      run: { db: handle.db, clock: systemClock },
      log: createLogger({ level: "silent", name: "observer" }),
      automation: async () => mode,
      model,
    });
    if (name === null) break;
    names.push(name);
  }
  return names;
}

let made = 0;

/** An agent whose production prompt fails in all of its runs. */
async function failingAgent(
  agent: { defaultModel?: string; system?: string; suite?: string; bound?: string } = {},
  promptModel?: string,
): Promise<string> {
  const { db } = handle;
  const { bound, ...rest } = agent;
  const name = `agent-${++made}`;
  const models = bound === undefined ? [] : [bound];
  await makeAgentType(db, {
    name,
    thresholds: { minimumRuns: 5 },
    parameterBounds: { models },
    ...rest,
  });
  const parameters = promptParameters.parse(
    promptModel === undefined ? {} : { model: promptModel },
  );
  const genome = { content: `Solve it for ${name}.`, parameters, tools: [] };
  const { id: promptId } = await makeProduction(db, { agentType: name, genome });
  const runs = Array.from({ length: 10 }, () =>
    makeRun({ agentType: name, promptId, outcome: "failure", startedAt: new Date() }),
  );
  await recordRuns(db, runs, { source: "api", actor: "test" });
  return name;
}

const real = "openai:gpt-4.1-mini";

test("by model, only agents that can call no real model are started, whichever way a real one comes in", async () => {
  await importSuite(handle.db, {
    suite: "judged",
    text: `{"id":"one","input":"a","grader":{"kind":"combined","graders":[{"grader":{"kind":"judge","model":"${real}","promptVersion":1}}]}}\n`,
    actor: "test",
  });
  const simulated = await failingAgent();
  const others = [
    await failingAgent({ defaultModel: real }),
    await failingAgent({}, real),
    await failingAgent({ bound: real }),
    await failingAgent({ system: "reviews" }),
    await failingAgent({ suite: "judged" }),
  ];
  expect(await started("suggest")).toEqual([]);
  expect(await started("manual")).toEqual([]);
  expect(await started("by-model", real)).toEqual([]);
  expect(await started("by-model")).toEqual([simulated]);
  // A person switched it on.
  expect(await started("automatic")).toEqual(others);
  const { items } = await listOptimizations(handle.db, { limit: 10 });
  expect(new Set(items.map(({ trigger }) => trigger))).toEqual(new Set(["observer"]));
  expect(automationModes[0]).toBe("by-model");
});
