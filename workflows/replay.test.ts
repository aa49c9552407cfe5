import path from "node:path";
import { bundleWorkflowCode, Worker } from "@temporalio/worker";
import { beforeAll, expect, test } from "vitest";
import * as workflows from "./all-workflows.ts";
import { ensureWorkflowBundle } from "./bundle.ts";
import { keptHistories } from "./testing/kept-history.ts";
import { projectRoot, quietRuntime } from "./testing/test-worker.ts";

const histories = keptHistories();
let bundle: string;
let changed: string;

beforeAll(async () => {
  quietRuntime();
  bundle = await ensureWorkflowBundle(projectRoot);
  const built = await bundleWorkflowCode({
    workflowsPath: path.join(import.meta.dirname, "testing/changed-workflows.ts"),
    payloadConverterPath: path.join(projectRoot, "lib/temporal/payload-converter.ts"),
  });
  changed = built.code;
}, 60_000);

test("there is a history of every workflow", () => {
  const started = JSON.stringify(histories.map(({ history }) => history));
  const missing = Object.keys(workflows).filter((name) => !started.includes(`"${name}"`));
  expect(missing, "record one: npm run histories").toEqual([]);
});

test.each(histories)("the workflow of today replays $name", async ({ history, workflowId }) => {
  await Worker.runReplayHistory({ workflowBundle: { codePath: bundle } }, history, workflowId);
});

test.each(histories)("a changed workflow is caught by $name", async ({ history, workflowId }) => {
  const replay = Worker.runReplayHistory(
    { workflowBundle: { code: changed } },
    history,
    workflowId,
  );
  await expect(replay).rejects.toMatchObject({ name: "DeterminismViolationError" });
});
