/** The guide's steps with an agent that is a Temporal worker in Python, on a real server. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, inject, test } from "vitest";
import { createTestDatabase } from "#tests/database.ts";
import { startPythonWorker } from "#workflows/testing/python-worker.ts";
import { followGuide, projectRoot } from "./guide-steps.ts";

const python = inject("temporalPython");
const needsPython = test.skipIf(python === null && !process.env.CI);
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

needsPython(
  "the Python worker of the guide is optimized for two generations by Temporal",
  {
    timeout: 300_000,
  },
  async () => {
    const database = await createTestDatabase();
    endings.push(() => database.drop());
    const queue = `example-${randomUUID()}`;
    const temporal = {
      TEMPORAL_ADDRESS: inject("temporalAddress"),
      TEMPORAL_NAMESPACE: inject("temporalNamespace"),
    };
    endings.push(
      await startPythonWorker({
        python: python ?? "",
        script: path.join(projectRoot, "examples/python-temporal-worker/worker.py"),
        env: { ...temporal, TASK_QUEUE: queue },
      }),
    );
    const folder = await mkdtemp(path.join(tmpdir(), "genepool-example-"));
    endings.push(() => rm(folder, { recursive: true }));
    const file = path.join(folder, "executors.yaml");
    const own = path.join(projectRoot, "examples/python-temporal-worker/executors.yaml");
    const text = await readFile(own, "utf8");
    expect(text).toContain("taskQueue: my-agent");
    await writeFile(file, text.replace("taskQueue: my-agent", `taskQueue: ${queue}`));
    const env = { ...temporal, DATABASE_URL: database.url, GENEPOOL_EXECUTORS_FILE: file };
    const worker = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", "worker"], {
      cwd: projectRoot,
      env: { ...process.env, ...env, GENEPOOL_WORKER_HEALTH_PORT: "0" },
      stdio: ["ignore", "inherit", "inherit"],
    });
    endings.push(() => worker.kill("SIGKILL"));
    await followGuide(env);
  },
);
