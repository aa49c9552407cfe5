import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createDatabase } from "#lib/db/client.ts";
import { draw } from "#lib/random.ts";
import { createTestDatabase } from "#tests/database.ts";
import { finalRows, prepareRun } from "./testing/small-run.ts";

const child = fileURLToPath(new URL("./testing/carry-out-child.ts", import.meta.url));
const killsWanted = 20;
const killsPerRun = 12;
/** A fast machine finishes a run after a few kills: the next seed takes the rest. */
const runsMax = 10;

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

test("a run that is killed at any moment and taken up again ends with the very same rows, and nothing is billed twice", {
  timeout: 600_000,
}, async () => {
  const draws = draw(11, "kill moments");
  let kills = 0;
  for (let seed = 1; seed <= runsMax && kills < killsWanted; seed++) {
    const [calm, hit] = [await createTestDatabase(), await createTestDatabase()];
    const calmId = await prepareRun(calm.url, seed);
    const hitId = await prepareRun(hit.url, seed);
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
