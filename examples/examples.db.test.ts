/** The guide's steps, carried out with each example: what docs/executors.md promises must work as written. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { createTestDatabase } from "#tests/database.ts";

const root = path.resolve(import.meta.dirname, "..");
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command line in a process of its own. */
async function genepool(env: Record<string, string>, ...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    timeout: 200_000,
  });
  const outcome: Outcome = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    outcome.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    outcome.stderr += chunk.toString();
  });
  await once(child, "close");
  return { ...outcome, code: child.exitCode };
}

/** Starts the example's agent on a free port; answers the port. */
async function startPython(): Promise<string> {
  const agent: ChildProcess = spawn("python3", ["examples/python-http-agent/agent.py", "0"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  endings.push(() => agent.kill());
  const [line] = await once(agent.stdout ?? agent, "data", { signal: AbortSignal.timeout(20_000) });
  const port = /listening on (\d+)/.exec(String(line))?.[1];
  if (port === undefined) throw new Error(`the agent did not start: ${String(line)}`);
  return port;
}

const report = z.object({
  trials: z.number(),
  incumbent: z.object({ success: z.number().nullable() }).loose().optional(),
});

async function optimized(folder: string, executorsFile: string) {
  const database = await createTestDatabase();
  endings.push(() => database.drop());
  const env = { DATABASE_URL: database.url, GENEPOOL_EXECUTORS_FILE: executorsFile };
  const steps = [
    ["suites", "import", `examples/${folder}/suite.jsonl`, "--name", "reviews"],
    [
      ...["agents", "add", "reviewer", "--system", "reviews", "--suite", "reviews"],
      ...["--model", "simulated", "--prompt", `examples/${folder}/prompt.j2`],
    ],
    ["executors", "test", "reviews"],
  ];
  for (const step of steps) expect(await genepool(env, ...step)).toMatchObject({ code: 0 });
  const run = await genepool(
    env,
    ...["optimize", "--agent", "reviewer", "--seed", "7", "--generations", "2"],
    ...["--population", "4", "--offspring", "4", "--targets", "10", "--controls", "4"],
    ...["--calibration", "30", "--calibration-repeats", "2", "--confirm-repeats", "3"],
    ...["--holdout", "6", "--holdout-repeats", "2", "--control-loss", "0.5", "--json"],
  );
  return { run, env };
}

test("the Python agent of the guide is optimized for two generations over HTTP", {
  timeout: 240_000,
}, async () => {
  const port = await startPython();
  const folder = await mkdtemp(path.join(tmpdir(), "genepool-example-"));
  endings.push(() => rm(folder, { recursive: true }));
  const file = path.join(folder, "executors.yaml");
  const text = await readFile(path.join(root, "examples/python-http-agent/executors.yaml"), "utf8");
  await writeFile(file, text.replace(":8900/", `:${port}/`));
  const { run } = await optimized("python-http-agent", file);
  console.log(run.code, run.stdout.slice(0, 6000), run.stderr.slice(-2000));
  expect(report.parse(JSON.parse(run.stdout)).trials).toBeGreaterThan(50);
});

test("the shell command of the guide is optimized for two generations", {
  timeout: 240_000,
}, async () => {
  const { run } = await optimized(
    "shell-command",
    path.join(root, "examples/shell-command/executors.yaml"),
  );
  console.log(run.code, run.stdout.slice(0, 6000), run.stderr.slice(-2000));
  expect(report.parse(JSON.parse(run.stdout)).trials).toBeGreaterThan(50);
});
