/**
 * Moves prod back and forth under concurrent readers on a database of its own and checks every read against the moves:
 * npm run bench -- read-history [--reads 100000] [--readers 64] [--cut 25]. Ends with 1 when a read is wrong.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { createDatabase } from "#lib/db/client.ts";
import { deployMigrations } from "#lib/db/migrate/migrate.ts";
import { startEmbeddedPostgres } from "#lib/postgres/embedded.ts";
import { faultsOf } from "./check.ts";
import { recordHistory } from "./history.ts";

const { values: options } = parseArgs({
  options: {
    reads: { type: "string", default: "100000" },
    readers: { type: "string", default: "64" },
    cut: { type: "string", default: "25" },
  },
});

const dataDir = mkdtempSync(path.join(os.tmpdir(), "genepool-bench-"));
// For root the server runs as another user, who must be able to pass through.
chmodSync(dataDir, 0o755);
const server = await startEmbeddedPostgres({ dataDir, databaseName: "bench" });
try {
  await deployMigrations(server.url, path.resolve(import.meta.dirname, "../.."));
  const { db, close } = createDatabase({ url: server.url });
  const began = performance.now();
  const { moves, reads, cuts } = await recordHistory({
    db,
    url: server.url,
    readers: Number(options.readers),
    reads: Number(options.reads),
    movesPerCut: Number(options.cut),
  });
  const seconds = (performance.now() - began) / 1_000;
  await close();
  const faults = faultsOf(moves, reads);
  const latencies = reads.map(({ beganAt, endedAt }) => endedAt - beganAt).sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(share * (latencies.length - 1))]?.toFixed(1);
  console.log(
    `${reads.length} reads by ${options.readers} readers, ${moves.length} moves of prod, ${cuts} ends of the listening connection, ${seconds.toFixed(0)} s`,
  );
  console.log(`latency p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`);
  for (const fault of faults.slice(0, 20)) console.log(`wrong: ${fault}`);
  console.log(`${faults.length} wrong reads`);
  if (faults.length > 0) process.exitCode = 1;
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
