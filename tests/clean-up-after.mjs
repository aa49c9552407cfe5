// Run beside the tests: when their process ends, however it ends, its database server ends too and its files go.
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

const dataDir = process.argv[2];
const pidFile = path.join(dataDir, "postgres/cluster/postmaster.pid");
const patienceMs = 10_000;

process.on("SIGINT", () => undefined);
process.stdin.on("end", cleanUp).resume();

function cleanUp() {
  // PostgreSQL takes SIGINT as the order to end now, in good order.
  if (existsSync(pidFile))
    process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), "SIGINT");
  const began = Date.now();
  const timer = setInterval(() => {
    if (existsSync(pidFile) && Date.now() - began < patienceMs) return;
    clearInterval(timer);
    rmSync(dataDir, { recursive: true, force: true });
  }, 50);
}
