/**
 * npm run histories: records the histories in workflows/histories anew. Only on purpose: a recorded history is the
 * promise that runs under way survive an update, and recording it anew takes the promise back.
 */

import { findTemporal } from "../../scripts/lib/temporal.mjs";
import { keepHistory } from "./kept-history.ts";
import { recordExperimentHistories } from "./record-experiment.ts";
import { recordLoopHistories } from "./record-loop.ts";
import { startTemporalServer } from "./temporal-server.ts";
import { projectRoot } from "./test-worker.ts";

const cli = findTemporal(projectRoot);
if (cli === null) throw new Error("There is no Temporal server: run npm test once.");
const server = await startTemporalServer({ cli });
try {
  const keep: typeof keepHistory = async (name, handle) => {
    await keepHistory(name, handle);
    console.log(`recorded ${name}`);
  };
  await recordExperimentHistories(server, keep);
  await recordLoopHistories(server, keep);
} finally {
  await server.stop();
}
