// Finds the browser of the browser tests, or installs one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const installTimeoutMs = 10 * 60_000;

/** Path of a Chromium that starts; null when there is none and none can be installed. Says on stderr what it tries. */
export async function ensureBrowser() {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted) {
    if (starts(wanted)) return wanted;
    console.error(`CHROMIUM_PATH names ${wanted}, which does not start; looking for another.`);
  }
  return onPath() ?? (await ofPlaywright()) ?? (await installed());
}

function onPath() {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  const candidates = programs.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return candidates.find((file) => existsSync(file) && starts(file)) ?? null;
}

async function ofPlaywright() {
  const { chromium } = await import("playwright");
  const file = chromium.executablePath();
  return existsSync(file) && starts(file) ? file : null;
}

/** The distribution's package brings the libraries that Playwright's own download leaves to the system. */
async function installed() {
  console.error("There is no Chromium for the browser tests; installing one …");
  if (process.getuid?.() === 0 && ran("apt-get", ["--version"])) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    ran("apt-get", ["update", "-qq"], { env });
    ran("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env });
    const found = onPath();
    if (found !== null) return found;
  }
  const cli = path.join(import.meta.dirname, "../../node_modules/playwright/cli.js");
  ran(process.execPath, [cli, "install", "chromium"]);
  return ofPlaywright();
}

function starts(file) {
  return spawnSync(file, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0;
}

function ran(file, args, options = {}) {
  const result = spawnSync(file, args, {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: installTimeoutMs,
    ...options,
  });
  return result.status === 0;
}
