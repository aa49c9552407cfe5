/** What docs/executors.md promises must work as written: its steps, carried out with each example. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { createTestDatabase } from "#tests/database.ts";
import { followGuide, projectRoot } from "./guide-steps.ts";

const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function databaseUrl(): Promise<string> {
  const database = await createTestDatabase();
  endings.push(() => database.drop());
  return database.url;
}

/** Starts the example's agent on a free port; answers the port. */
async function startAgent(): Promise<string> {
  const agent: ChildProcess = spawn("python3", ["examples/python-http-agent/agent.py", "0"], {
    cwd: projectRoot,
    stdio: ["ignore", "pipe", "inherit"],
  });
  endings.push(() => agent.kill());
  const [line] = await once(agent.stdout ?? agent, "data", { signal: AbortSignal.timeout(20_000) });
  const port = /listening on (\d+)/.exec(String(line))?.[1];
  if (port === undefined) throw new Error(`the agent did not start: ${String(line)}`);
  return port;
}

test("the Python agent of the guide is optimized for two generations over HTTP", {
  timeout: 240_000,
}, async () => {
  const port = await startAgent();
  const folder = await mkdtemp(path.join(tmpdir(), "genepool-example-"));
  endings.push(() => rm(folder, { recursive: true }));
  const file = path.join(folder, "executors.yaml");
  const own = path.join(projectRoot, "examples/python-http-agent/executors.yaml");
  const text = await readFile(own, "utf8");
  expect(text).toContain(":8900/");
  await writeFile(file, text.replace(":8900/", `:${port}/`));
  await followGuide({ DATABASE_URL: await databaseUrl(), GENEPOOL_EXECUTORS_FILE: file });
});

test("the shell command of the guide is optimized for two generations", {
  timeout: 240_000,
}, async () => {
  await followGuide({
    DATABASE_URL: await databaseUrl(),
    GENEPOOL_EXECUTORS_FILE: path.join(projectRoot, "examples/shell-command/executors.yaml"),
  });
});
