import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createDatabase, type Database } from "#lib/db/client.ts";
import { requireOptimization } from "#lib/db/optimizations.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { draw } from "#lib/random.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { createTestDatabase } from "#tests/database.ts";

const child = fileURLToPath(new URL("./testing/carry-out-child.ts", import.meta.url));
const killsWanted = 20;
const killsPerRun = 12;
/** A fast machine finishes a run after a few kills: the next seed takes the rest. */
const runsMax = 10;

const config = (seed: number) =>
  optimizationConfig.parse({
    seed,
    generations: 2,
    populationSize: 4,
    offspringSize: 4,
    experiment: {
      targets: 6,
      controls: 2,
      calibrationBenchmarks: 20,
      calibrationRepeats: 1,
      confirmRepeats: 2,
      holdout: 4,
      holdoutRepeats: 1,
      reevaluationRepeatsMax: 2,
    },
    concurrency: 4,
  });

async function prepare(url: string, seed: number): Promise<string> {
  const { db, close } = createDatabase({ url });
  await seedWorkbench(db);
  const { id } = await queueOptimization(db, {
    agentType: "engineer",
    config: config(seed),
    trigger: "test",
    createdBy: "test",
  });
  await close();
  return id;
}

/** Runs the child; kills it without warning `killAfterMs` after it has claimed its run. Answers whether it finished. */
function carryOut(
  url: string,
  id: string,
  killAfterMs: number | null,
): Promise<"finished" | "killed"> {
  return new Promise((resolve, reject) => {
    const worker = spawn(process.execPath, ["--import", "tsx", child, url, id], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let timer: NodeJS.Timeout | null = null;
    worker.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (killAfterMs !== null && timer === null && output.includes("claimed"))
        timer = setTimeout(() => worker.kill("SIGKILL"), killAfterMs);
    });
    let errors = "";
    worker.stderr.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
    });
    worker.on("exit", (code, signal) => {
      if (timer !== null) clearTimeout(timer);
      if (signal === "SIGKILL") resolve("killed");
      else if (code === 0) resolve("finished");
      else reject(new Error(`the child failed: ${errors.slice(-2_000)}`));
    });
  });
}

/** Everything a run leaves that is not an id or a time, with content hashes for ids. */
async function finalRows(db: Database, id: string) {
  const prompts = await db.prompt.findMany({ include: { status: true, parents: true } });
  const hashOf = new Map(prompts.map((prompt) => [prompt.id, prompt.contentHash]));
  const run = await requireOptimization(db, id);
  const individuals = await db.individual.findMany({ where: { optimizationId: id } });
  const generations = await db.generation.findMany({
    where: { optimizationId: id },
    orderBy: { number: "asc" },
  });
  const experiments = await db.experiment.findMany({ where: { optimizationId: id } });
  const trials = await db.trial.findMany({ orderBy: { evaluationKey: "asc" } });
  const calls = await db.llmCall.findMany({ orderBy: { callKey: "asc" } });
  const sorted = <T>(rows: T[]) => rows.map((row) => JSON.stringify(row)).sort();
  return {
    run: {
      state: run.state,
      outcome: run.outcome,
      spentUsd: run.spentUsd,
      reservedUsd: run.reservedUsd,
    },
    prompts: sorted(
      prompts.map((p) => ({
        hash: p.contentHash,
        version: p.version,
        status: p.status?.status,
        parents: p.parents.map((edge) => [
          hashOf.get(edge.parentId),
          edge.operator,
          edge.generation,
        ]),
      })),
    ),
    individuals: sorted(
      individuals.map(({ optimizationId: _, promptId, ...rest }) => ({
        ...rest,
        hash: hashOf.get(promptId),
      })),
    ),
    generations: generations.map(({ number, hypervolume }) => ({ number, hypervolume })),
    experiments: sorted(
      experiments.map((e) => ({
        kind: e.kind,
        status: e.status,
        generation: e.generation,
        hash: hashOf.get(e.promptId),
        verdict: JSON.stringify(e.verdict)?.replace(/"benchmarkId":"[^"]*"/g, ""),
      })),
    ),
    trials: trials.map((t) => ({
      key: t.evaluationKey,
      outcome: t.outcome,
      score: t.score,
      costUsd: t.costUsd,
      latencyMs: t.latencyMs,
    })),
    calls: calls.map((c) => ({ key: c.callKey, costUsd: c.costUsd, reply: c.reply })),
  };
}

test("a run that is killed at any moment and taken up again ends with the very same rows, and nothing is billed twice", {
  timeout: 600_000,
}, async () => {
  const draws = draw(11, "kill moments");
  let kills = 0;
  for (let seed = 1; seed <= runsMax && kills < killsWanted; seed++) {
    const [calm, hit] = [await createTestDatabase(), await createTestDatabase()];
    const calmId = await prepare(calm.url, seed);
    const hitId = await prepare(hit.url, seed);
    expect(await carryOut(calm.url, calmId, null)).toBe("finished");
    let state: "finished" | "killed" = "killed";
    // From the first moments to well into the trials; a run that finishes between two kills is started no more.
    for (let kill = 0; kill < killsPerRun && state === "killed"; kill++) {
      state = await carryOut(hit.url, hitId, draws.int(kill % 2 === 0 ? 800 : 2_500));
      if (state === "killed") kills++;
    }
    if (state === "killed") state = await carryOut(hit.url, hitId, null);
    expect(state).toBe("finished");
    const [a, b] = [createDatabase({ url: calm.url }), createDatabase({ url: hit.url })];
    const expected = await finalRows(a.db, calmId);
    expect(await finalRows(b.db, hitId)).toEqual(expected);
    const billed = [...expected.trials, ...expected.calls].reduce(
      (sum, { costUsd }) => sum + costUsd,
      0,
    );
    expect(expected.run.spentUsd).toBeCloseTo(billed, 6);
    expect(expected.run.reservedUsd).toBe(0);
    await Promise.all([a.close(), b.close()]);
    await Promise.all([calm.drop(), hit.drop()]);
  }
  expect(kills).toBeGreaterThanOrEqual(killsWanted);
});
