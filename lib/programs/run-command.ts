/** Runs an operator's program on one JSON document and takes one back, limited in time, memory and output. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

export interface BoundedCommand {
  /** Program and arguments; no shell reads them. */
  argv: readonly string[];
  cwd?: string | undefined;
  env: Readonly<Record<string, string>>;
  timeLimitMs: number;
  /** Address space of the program; null for no limit. */
  memoryLimitMb: number | null;
  outputBytesMax: number;
}

export type CommandOutput =
  | { ok: true; stdout: string }
  | { ok: false; why: "start" | "time" | "output" | "exit" | "stopped"; reason: string };

const errorBytesKept = 3_000;
const drainMs = 1_000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Never rejects and never takes longer than the limit: the program and all it started are killed as a group. */
export function runCommand(
  command: BoundedCommand,
  input: string,
  signal?: AbortSignal,
): Promise<CommandOutput> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve({ ok: false, why: "stopped", reason: "it was called off" });
    const child = start(command);
    const out: Buffer[] = [];
    let outBytes = 0;
    let err = Buffer.alloc(0);
    let done = false;
    const end = (output: CommandOutput) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      killGroup(child);
      // What a killed program's own children hold open is not waited for.
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      resolve(output);
    };
    const stop = () => end({ ok: false, why: "stopped", reason: "it was called off" });
    signal?.addEventListener("abort", stop, { once: true });
    const timer = setTimeout(
      () =>
        end({
          ok: false,
          why: "time",
          reason: `it took longer than ${command.timeLimitMs / 1_000} s`,
        }),
      command.timeLimitMs,
    );
    child.stdout.on("data", (chunk: Buffer) => {
      outBytes += chunk.length;
      if (outBytes > command.outputBytesMax)
        return end({
          ok: false,
          why: "output",
          reason: `it wrote more than ${command.outputBytesMax} bytes`,
        });
      out.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err = Buffer.concat([err, chunk]).subarray(-errorBytesKept);
    });
    child.on("error", (error) =>
      end({ ok: false, why: "start", reason: `it did not start: ${error.message}` }),
    );
    const ended = (code: number | null, killedBy: NodeJS.Signals | null) => {
      if (code === 0) return end({ ok: true, stdout: Buffer.concat(out).toString("utf8") });
      const how =
        killedBy === null ? `it ended with status ${code}` : `it was ended by ${killedBy}`;
      const said = err.toString("utf8").trim();
      end({ ok: false, why: "exit", reason: said === "" ? how : `${how}: ${said}` });
    };
    // What the program started may hold its output open after its own end: that is read on for a moment only.
    child.on("exit", (code, killedBy) => setTimeout(() => ended(code, killedBy), drainMs).unref());
    child.on("close", ended);
    // A program may end without having read all: its answer counts, not the broken pipe.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

function start({ argv, cwd, env, memoryLimitMb }: BoundedCommand): Child {
  // The shell sets the limit and is replaced by the program; its script is fixed, and the arguments are no text of it.
  const limited =
    memoryLimitMb === null || process.platform === "win32"
      ? argv
      : [
          "/bin/sh",
          "-c",
          `ulimit -v ${Math.round(memoryLimitMb * 1_024)} && exec "$@"`,
          "sh",
          ...argv,
        ];
  const [program = "", ...args] = limited;
  return spawn(program, args, {
    cwd,
    env: { NODE_ENV: "production", ...env },
    detached: process.platform !== "win32",
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
}

function killGroup(child: Child): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // The whole group has ended by itself: ESRCH, and on macOS EPERM where only its ended leader is left.
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
