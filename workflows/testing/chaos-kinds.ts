/** What `npm run chaos` does to the parts of the product: one round of each kind, at moments that the draws choose. */
import { setTimeout as wait } from "node:timers/promises";
import { startExperiment } from "#lib/db/experiments.ts";
import { AppError } from "#lib/errors.ts";
import { experimentWorkflowId } from "#lib/temporal/experiment-contract.ts";
import type { ChaosRig, ChaosRun, Counts, StubWorker } from "./chaos-rig.ts";
import type { Round, RoundResult } from "./chaos-round.ts";
import { stormOfSignals } from "./chaos-storm.ts";

/** What the product promises, in ms. */
export const marks = { worker: 6_000, server: 8_000 } as const;

export const chaosKinds = {
  worker: killWorker,
  server: killServer,
  postgres: killPostgres,
  optimizer: killOptimizer,
  versions: mixVersions,
  duplicates: startTwice,
  signals: stormOfSignals,
  cancel: cancelAnywhere,
} as const satisfies Record<string, (round: Round) => Promise<RoundResult>>;
export type ChaosKind = keyof typeof chaosKinds;

/** Nothing lost, nothing twice, each call's money booked once. */
function faultsOf(counts: Counts, wanted: number): string[] {
  const { calls, trials, ledger, spentUsd, trialsUsd } = counts;
  const faults: string[] = [];
  if (trials < wanted) faults.push(`${wanted - trials} trials lost`);
  if (trials > wanted) faults.push(`${trials - wanted} trials too many`);
  if (ledger.settled !== trials) faults.push(`${ledger.settled} bookings of ${trials} trials`);
  if (ledger.reserved > 0) faults.push(`money of ${ledger.reserved} trials still set aside`);
  if (calls < trials) faults.push("fewer calls than trials");
  // A call whose worker died is one whose reservation was given back.
  if (calls - trials > ledger.released) faults.push("a repeated call without its money back");
  if (Math.abs(spentUsd - trialsUsd) > 1e-9) faults.push(`spent ${spentUsd} for ${trialsUsd} USD`);
  return faults;
}

function overMark(ms: number, mark: number): string[] {
  return ms <= mark ? [] : [`went on after ${ms} ms, more than ${mark} ms`];
}

/** A run with its workers, which end with it whatever happens. */
async function withRun(
  rig: ChaosRig,
  delayMs: number,
  work: (run: ChaosRun, start: ChaosRun["startWorker"]) => Promise<RoundResult>,
): Promise<RoundResult> {
  const run = await rig.begin(delayMs);
  const workers: StubWorker[] = [];
  try {
    return await work(run, async (version) => {
      const worker = await run.startWorker(version);
      workers.push(worker);
      return worker;
    });
  } finally {
    for (const worker of workers) worker.kill("SIGKILL");
    await Promise.all(workers.map(({ ended }) => ended));
    await run.end();
  }
}

async function sound(
  run: ChaosRun,
  { what, wanted, recoveryMs = null }: { what: string; wanted: number; recoveryMs?: number | null },
): Promise<RoundResult> {
  const counts = await run.counts();
  return { what, wanted, counts, recoveryMs, faults: faultsOf(counts, wanted) };
}

/** Until one more trial is stored than now, or the evaluation ends. */
async function goesOn(run: ChaosRun, evaluating: Promise<unknown>): Promise<number> {
  const began = performance.now();
  const left = await run.stored();
  await Promise.race([evaluating, run.untilStored(left + 1)]);
  return Math.round(performance.now() - began);
}

async function evaluate(run: ChaosRun, count: number): Promise<void> {
  const answers = await run.evaluator().evaluate(run.orders(count));
  const refused = answers.filter(({ state }) => state !== "done").length;
  if (refused > 0) throw new Error(`${refused} trials were refused`);
}

function killWorker({ rig, draws }: Round): Promise<RoundResult> {
  // Long enough that all of it is with the first worker when the second one is ready.
  return withRun(rig, 700, async (run, start) => {
    const wanted = 300;
    const first = await start();
    const evaluating = evaluate(run, wanted);
    await start();
    await wait(draws.int(1_500));
    first.kill("SIGKILL");
    await first.ended;
    const stored = await run.stored();
    const recoveryMs = await goesOn(run, evaluating);
    await evaluating;
    const result = await sound(run, { what: `at ${stored} of ${wanted}`, wanted, recoveryMs });
    return { ...result, faults: [...result.faults, ...overMark(recoveryMs, marks.worker)] };
  });
}

function killServer({ rig, draws }: Round): Promise<RoundResult> {
  return withRun(rig, 200, async (run, start) => {
    const wanted = 100;
    await start();
    const evaluating = evaluate(run, wanted);
    await run.untilStored(1 + draws.int(70));
    await rig.server.kill();
    const awayMs = 300 + draws.int(3_000);
    const stored = await run.stored();
    await wait(awayMs);
    await rig.server.start();
    const recoveryMs = await goesOn(run, evaluating);
    await evaluating;
    const what = `at ${stored} of ${wanted}, for ${awayMs} ms`;
    const result = await sound(run, { what, wanted, recoveryMs });
    return { ...result, faults: [...result.faults, ...overMark(recoveryMs, marks.server)] };
  });
}

function killPostgres({ rig, postgres, draws }: Round): Promise<RoundResult> {
  return withRun(rig, 200, async (run, start) => {
    const wanted = 150;
    await start();
    const evaluating = evaluateThroughout(run, wanted);
    // It must be there to be found; a failure before that is the evaluation's own.
    evaluating.catch(() => undefined);
    const at = 1 + draws.int(100);
    await run.untilStored(at);
    await postgres.kill();
    const awayMs = 300 + draws.int(2_500);
    await wait(awayMs);
    await postgres.start();
    const began = performance.now();
    await evaluating;
    const recoveryMs = Math.round(performance.now() - began);
    const what = `at ${at} of ${wanted}, for ${awayMs} ms`;
    return sound(run, { what, wanted, recoveryMs });
  });
}

/** As an optimizer's supervisor does: what fails because the database is away is asked for again. */
async function evaluateThroughout(run: ChaosRun, wanted: number): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    try {
      return await evaluate(run, wanted);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "unavailable") throw error;
      await wait(200);
    }
  }
  throw new Error("the database did not come back");
}

function killOptimizer({ rig, draws }: Round): Promise<RoundResult> {
  return withRun(rig, 60, async (run, start) => {
    const wanted = 200;
    await start();
    const killed = run.startOptimizer(wanted);
    await run.untilStored(1 + draws.int(150));
    killed.kill();
    await killed.exitCode;
    const stored = await run.stored();
    const began = performance.now();
    const code = await run.startOptimizer(wanted).exitCode;
    const recoveryMs = Math.round(performance.now() - began);
    const result = await sound(run, { what: `at ${stored} of ${wanted}`, wanted, recoveryMs });
    if (code !== 0) result.faults.push(`the next optimizer ended with ${code}`);
    if (result.counts?.calls !== wanted) result.faults.push("a trial was run twice");
    return result;
  });
}

function mixVersions({ rig, draws }: Round): Promise<RoundResult> {
  return withRun(rig, 60, async (run, start) => {
    const wanted = 200;
    const olderFirst = draws.int(2) === 0;
    const first = await start(olderFirst ? "today" : "next");
    await evaluate(run, 40);
    await start(olderFirst ? "next" : "today");
    const evaluating = evaluate(run, wanted);
    await run.untilStored(41 + draws.int(140));
    first.kill("SIGKILL");
    await first.ended;
    const stored = await run.stored();
    const what = `the ${olderFirst ? "older" : "newer"} one at ${stored} of ${wanted}`;
    if (!olderFirst) {
      // What the newer one began no older one can go on with: it waits for a newer one.
      await start("next");
      await evaluating;
      return sound(run, { what: `${what}, started again`, wanted });
    }
    const recoveryMs = await goesOn(run, evaluating);
    await evaluating;
    const result = await sound(run, { what, wanted, recoveryMs });
    return { ...result, faults: [...result.faults, ...overMark(recoveryMs, marks.worker)] };
  });
}

function startTwice({ rig, draws }: Round): Promise<RoundResult> {
  return withRun(rig, 20, async (run, start) => {
    const wanted = 60;
    const starts = 2 + draws.int(9);
    await start();
    await Promise.all(
      Array.from({ length: starts }, async () => {
        await wait(draws.int(200));
        await evaluate(run, wanted);
      }),
    );
    const result = await sound(run, { what: `${starts} starts within 200 ms`, wanted });
    if (result.counts?.calls !== wanted) result.faults.push("a trial was run twice");
    return result;
  });
}

function cancelAnywhere({ rig, draws }: Round): Promise<RoundResult> {
  return withRun(rig, 60, async (run, start) => {
    const { db } = rig.handle;
    await startExperiment(db, run.experiment());
    const stop = { requested: false };
    const evaluator = run.evaluator({ isStopRequested: () => stop.requested });
    const evaluating = evaluator.evaluate(run.orders(300));
    const early = draws.int(3) === 0;
    if (early) await wait(400 + draws.int(400));
    else {
      await start();
      await run.untilStored(1 + draws.int(250));
    }
    const stored = await run.stored();
    stop.requested = true;
    const began = performance.now();
    if (early) await start();
    const answers = await evaluating;
    const recoveryMs = Math.round(performance.now() - began);
    const wanted = answers.filter(({ state }) => state === "done").length;
    const handle = rig.temporal.client.workflow.getHandle(experimentWorkflowId(run.id));
    const ending = await endOf(handle);
    const what = early ? "before a worker" : `at ${stored} of 300`;
    const result = await sound(run, { what, wanted, recoveryMs });
    const row = await db.experiment.findUniqueOrThrow({ where: { id: run.id } });
    if (ending === "RUNNING") result.faults.push("the workflow goes on");
    if (row.status !== "stopped") result.faults.push(`the row says ${row.status}`);
    return result;
  });
}

async function endOf(handle: {
  describe(): Promise<{ status: { name: string } }>;
}): Promise<string> {
  let name = "RUNNING";
  for (let look = 0; look < 100 && name === "RUNNING"; look++) {
    name = (await handle.describe()).status.name;
    if (name === "RUNNING") await wait(100);
  }
  return name;
}
