/**
 * The executor `command`: the operator's program with the trial as JSON on standard input and one JSON document on
 * standard output. Its time, output and, where prlimit is installed, memory are bounded, and its whole process group
 * ends with it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import type { PriceTable } from "../llm/prices.ts";
import { bodyMaxBytes } from "./exchange.ts";
import type { Executor, Reply } from "./executor.ts";
import { executorFault, foreignExecutor } from "./foreign-trial.ts";
import type { CommandSettings } from "./settings.ts";

export interface CommandDependencies {
  prices: PriceTable;
  variables: Readonly<Record<string, string | undefined>>;
  /** Between SIGTERM and SIGKILL; tests make it small. */
  graceMs?: number;
}

const stderrKeptBytes = 4_096;

export function createCommandExecutor(
  settings: CommandSettings,
  deps: CommandDependencies,
): Executor {
  const limiter =
    settings.memoryMaxMb === undefined ? null : findProgram("prlimit", deps.variables);
  return foreignExecutor(settings, {
    prices: deps.prices,
    check: () =>
      settings.memoryMaxMb !== undefined && limiter === null
        ? [
            "memoryMaxMb needs prlimit (util-linux), which is not installed here; leave it out or install it.",
          ]
        : [],
    call: (request, ends) =>
      runCommand(settings, deps, { input: JSON.stringify(request), limiter, ends }),
  });
}

interface Run {
  input: string;
  limiter: string | null;
  ends: AbortSignal;
}

function runCommand(
  { argv, cwd, env, memoryMaxMb }: CommandSettings,
  { variables, graceMs = 2_000 }: CommandDependencies,
  { input, limiter, ends }: Run,
): Promise<Reply> {
  const [program = "", ...rest] =
    limiter === null || memoryMaxMb === undefined
      ? argv
      : [limiter, `--as=${memoryMaxMb * 1024 * 1024}`, "--", ...argv];
  const passed = ["PATH", ...env].flatMap((name) => {
    const value = variables[name];
    return value === undefined ? [] : [[name, value]];
  });
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd,
      env: Object.fromEntries(passed),
      // A group of its own, so that what it starts ends with it.
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const output = collect(child);
    let killTimer: NodeJS.Timeout | null = null;
    const end = () => {
      signalGroup(child, "SIGTERM");
      killTimer ??= setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
    };
    let isSettled = false;
    const settle = (reply: Reply) => {
      if (isSettled) return;
      isSettled = true;
      ends.removeEventListener("abort", end);
      if (killTimer !== null) clearTimeout(killTimer);
      // What the program left running in its group ends too.
      signalGroup(child, "SIGKILL");
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(reply);
    };
    output.onTooMuch = () => {
      signalGroup(child, "SIGKILL");
      settle(
        fault("answer refused", `It wrote more than ${bodyMaxBytes / 1024 / 1024} MB.`, output),
      );
    };
    child.on("error", (error) =>
      settle(
        executorFault("not started", `The command could not be started: ${error.message}`, false),
      ),
    );
    // The exit, not the end of its streams: a child of it may hold these open for ever.
    child.on("exit", (code, signal) => {
      setTimeout(() => settle(replyOf(code, signal, output)), drainMs).unref();
    });
    child.on("close", (code, signal) => settle(replyOf(code, signal, output)));
    // A program that does not read its input has its reasons; its exit and output tell.
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${input}\n`);
    ends.addEventListener("abort", end, { once: true });
    if (ends.aborted) end();
  });
}

/** How long output is read on after the program itself has ended. */
const drainMs = 1_000;

interface Output {
  chunks: Buffer[];
  size: number;
  stderr: string;
  onTooMuch: () => void;
}

function collect(child: ChildProcess): Output {
  const output: Output = { chunks: [], size: 0, stderr: "", onTooMuch: () => undefined };
  child.stdout?.on("data", (chunk: Buffer) => {
    output.size += chunk.length;
    if (output.size > bodyMaxBytes) output.onTooMuch();
    else output.chunks.push(chunk);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    output.stderr = (output.stderr + chunk.toString("utf8")).slice(-stderrKeptBytes);
  });
  return output;
}

function replyOf(code: number | null, signal: NodeJS.Signals | null, output: Output): Reply {
  if (code === 0) {
    const text = Buffer.concat(output.chunks).toString("utf8");
    if (text.trim() === "")
      return fault("empty answer", "It wrote nothing to standard output.", output);
    return { ok: true, text };
  }
  return signal === null
    ? fault(`exit ${code}`, `It ended with exit code ${code}.`, output)
    : fault(`signal ${signal}`, `It was ended by ${signal}.`, output);
}

function fault(cause: string, message: string, { stderr }: Output): Reply {
  const said =
    stderr.trim() === "" ? "" : ` Its standard error ends: ${stderr.trim().slice(-3_000)}`;
  return executorFault(cause, `The command gave no answer. ${message}${said}`, true);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

function findProgram(
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
): string | null {
  for (const folder of (variables.PATH ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
