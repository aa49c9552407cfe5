/** A thousand wishes at once, most of them repetitions, to the loop of an agent type of its own. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { finishOptimization, listOptimizations } from "#lib/db/optimizations.ts";
import {
  loopState,
  pauseLoop,
  requestGeneration,
  tellLoop,
} from "#lib/temporal/optimization-loop.ts";
import { workflowQueue } from "#lib/temporal/queues.ts";
import { makeAgentType, makeProduction } from "#tests/factories.ts";
import { createLoopActivities } from "../loop-activities.ts";
import type { Round, RoundResult } from "./chaos-round.ts";
import { startTestWorker } from "./test-worker.ts";

const signals = 1_000;
const atOnce = 50;
const patienceMs = 60_000;

export async function stormOfSignals({ rig, draws }: Round): Promise<RoundResult> {
  const { db } = rig.handle;
  const agentType = `agent-${randomUUID().slice(0, 8)}`;
  await makeAgentType(db, { name: agentType });
  await makeProduction(db, { agentType });
  const prefix = `${randomUUID().slice(0, 8)}-`;
  const queue = `${prefix}${workflowQueue}`;
  const activities = createLoopActivities({ db, queue, model: null, pollMs: 20 });
  const worker = await startTestWorker({ server: rig.server, prefix, activities });
  const { client } = worker;
  const wanted = 2 + draws.int(19);
  const began = performance.now();
  try {
    await pauseLoop(client, queue, agentType);
    for (let sent = 0; sent < signals; sent += atOnce)
      await Promise.all(
        Array.from({ length: atOnce }, (_, i) => {
          const request_id = `wish-${(sent + i) % wanted}`;
          const request = { request_id, requested_by: "storm", optimization_id: null };
          return requestGeneration(client, queue, { agentType, request });
        }),
      );
    await tellLoop(client, agentType, "resume");
    const deadline = Date.now() + patienceMs;
    const counts = async () => (await loopState(client, agentType)).counts;
    while ((await counts()).finished < wanted && Date.now() < deadline) {
      const states = ["queued"] as const;
      for (const { id } of (await listOptimizations(db, { agentType, states, limit: 50 })).items)
        await finishOptimization(db, id, {
          state: "finished",
          outcome: "Done.",
          failure: null,
          result: null,
          candidateIds: [],
        });
      await wait(30);
    }
    const told = await counts();
    const made = (await listOptimizations(db, { agentType, limit: 500 })).items.length;
    await tellLoop(client, agentType, "stop");
    const faults: string[] = [];
    if (made !== wanted) faults.push(`${made} optimizations of ${wanted} wishes`);
    if (told.finished !== wanted) faults.push(`${told.finished} followed to their end`);
    if (told.repeated !== signals - wanted) faults.push(`${told.repeated} repetitions counted`);
    return {
      what: `${signals} signals, ${wanted} wishes`,
      wanted,
      counts: null,
      recoveryMs: Math.round(performance.now() - began),
      faults,
    };
  } finally {
    await worker.close();
  }
}
