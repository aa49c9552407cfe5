/** Everything a command can do wrong: each is a failed trial that says why, and nothing of it is left running. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { trialResult } from "#lib/domain/trial.ts";
import { createCommandExecutor } from "./command.ts";
import { parseExecutors } from "./settings.ts";
import { taskOf } from "./testing/task.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "genepool-command-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

function executorOf(script: string, more: Record<string, unknown> = {}) {
  const argv = [process.execPath, "-e", script];
  const entry = {
    name: "x",
    systems: ["s"],
    version: "1",
    kind: "command",
    argv,
    cwd: folder,
    ...more,
  };
  const [settings] = parseExecutors(JSON.stringify({ executors: [entry] }));
  if (settings?.kind !== "command") throw new Error("not a command");
  const variables: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    SEEN: "yes",
    HIDDEN: "secret",
  };
  return createCommandExecutor(settings, { prices: {}, variable: (name) => variables[name] });
}

async function resultOf(script: string, more: Record<string, unknown> = {}, signal?: AbortSignal) {
  const ends = signal ?? new AbortController().signal;
  return trialResult.parse(await executorOf(script, more).run(taskOf(), ends));
}

const good = `console.log(JSON.stringify({ contract: 1, output: "positive", cost_usd: 0 }));`;

test("a command reads the trial and its answer is graded; it sees only the variables it was given", async () => {
  const result = await resultOf(
    `let text = ""; process.stdin.on("data", (c) => text += c).on("end", () => {
      const { benchmark } = JSON.parse(text);
      const seen = [process.env.SEEN, process.env.HIDDEN, benchmark.input].join();
      const trace = [{ agent_type: "reader", kind: "thought", text: seen }];
      console.log(JSON.stringify({ contract: 1, output: "positive", cost_usd: 0, trace }));
    });`,
    { env: ["SEEN"] },
  );
  expect(result).toMatchObject({ outcome: "success", steps: [{ text: "yes,,Great." }] });
});

test.each<[what: string, script: string, said: RegExp]>([
  ["fails", `console.error("no model key"); process.exit(3)`, /status 3.*no model key/],
  ["says nothing", "", /nothing to standard output/],
  ["prints text", `console.log("positive")`, /not JSON/],
  ["prints two documents", `${good}${good}`, /not JSON/],
  ["prints NaN", `console.log('{"contract":1,"outcome":"success","score":NaN}')`, /NaN/],
  ["kills itself", `process.kill(process.pid, "SIGKILL")`, /SIGKILL/],
  [
    "never stops writing",
    `const b = "x".repeat(1e6); const w = () => process.stdout.write(b, w); w()`,
    /more than \d+ bytes/,
  ],
  [
    "complains without end and fails",
    `for (let i = 0; i < 1e4; i++) console.error("line " + i); process.exitCode = 1`,
    /line 9999/,
  ],
])("a command that %s fails its trial with the reason", async (_, script, said) => {
  const result = await resultOf(script);
  expect(result).toMatchObject({ outcome: "failure", failure: { errorClass: "executor-error" } });
  expect(result.failure?.message).toMatch(said);
});

test("a command that is not there costs nothing and says so", async () => {
  const result = await resultOf("", { argv: ["/nowhere/agent"] });
  expect(result).toMatchObject({
    costUsd: 0,
    failure: { signature: "executor-error/not started" },
  });
});

/** Starts a child, writes its process id to a file, ignores SIGTERM, never ends. */
const stubborn = (file: string) =>
  `process.on("SIGTERM", () => {});
   const child = require("node:child_process").spawn("sleep", ["300"]);
   require("node:fs").writeFileSync(${JSON.stringify(file)}, String(child.pid));
   setInterval(() => {}, 1000);`;

async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 40; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    // A killed process stays as a zombie where nobody waits for it.
    if (
      /^State:\s+Z/m.test(
        existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, "utf8") : "",
      )
    )
      return true;
    await sleep(50);
  }
  return false;
}

test("past its time a command is killed with everything that it started, even if it ignores SIGTERM", async () => {
  const file = path.join(folder, "late");
  const result = await resultOf(stubborn(file), { timeoutSeconds: 1.5 });
  expect(result).toMatchObject({ costUsd: 0.5, failure: { errorClass: "timeout" } });
  expect(await isGone(Number(readFileSync(file, "utf8")))).toBe(true);
});

test("a command that is called off ends at once, with everything that it started", async () => {
  const file = path.join(folder, "off");
  const calledOff = new AbortController();
  const running = resultOf(stubborn(file), {}, calledOff.signal);
  running.catch(() => undefined);
  for (let i = 0; i < 100 && !existsSync(file); i++) await sleep(50);
  calledOff.abort(new Error("stopped by a person"));
  await expect(running).rejects.toThrow("stopped by a person");
  expect(await isGone(Number(readFileSync(file, "utf8")))).toBe(true);
});

test("a command whose child keeps its output open still answers, and the child ends", async () => {
  const result = await resultOf(
    `require("node:child_process").spawn("sleep", ["300"], { stdio: "inherit" }).unref(); ${good} process.exit(0)`,
  );
  expect(result.outcome).toBe("success");
});

test("a command past its memory limit fails its trial", async () => {
  const argv = ["sh", "-c", "head -c 400000000 /dev/zero | tail -c 300000000 | wc -c >&2; exit 9"];
  const executor = executorOf("", { argv, memoryMaxMb: 64 });
  const { failure } = await executor.run(taskOf(), new AbortController().signal);
  expect(failure?.message).toMatch(/memory|exhausted|alloc/i);
});
