import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The user that PostgreSQL runs as: it refuses root, so root hands over to `postgres` or `nobody`. */
export interface ServerUser {
  uid?: number;
  gid?: number;
  name: string;
}

/** Ourselves, or for root an unprivileged system user. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return { name: "this user" };
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const wanted of ["postgres", "nobody"]) {
    const entry = users.find(([name]) => name === wanted);
    if (entry !== undefined) return { name: wanted, uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  return { name: "user 65534", uid: 65_534, gid: 65_534 };
}

export interface Finished {
  code: number | null;
  output: string;
}

/** Runs a program to its end within `timeoutMs` and answers what it printed. */
export function runAs(
  user: ServerUser,
  file: string,
  args: readonly string[],
  options: { timeoutMs: number; env?: NodeJS.ProcessEnv; cwd?: string },
): Promise<Finished> {
  const { timeoutMs, ...rest } = options;
  return new Promise((resolve) => {
    const spawnOptions: SpawnOptions = { ...rest, ...ids(user), stdio: ["ignore", "pipe", "pipe"] };
    const child = spawn(file, args, spawnOptions);
    let output = "";
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    const take = (chunk: Buffer) => {
      output += chunk.toString("utf8");
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ code: null, output: output + error.message });
    });
    // "exit", not "close": pg_ctl's server keeps the pipes open.
    child.on("exit", (code) => {
      clearTimeout(timer);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve({ code, output });
    });
  });
}

/** True when the user can reach and read the path. */
export function canReach(user: ServerUser, target: string, mode: "-r" | "-w" | "-x"): boolean {
  return spawnSync("test", [mode, target], ids(user)).status === 0;
}

function ids(user: ServerUser): { uid?: number; gid?: number } {
  return user.uid === undefined || user.gid === undefined ? {} : { uid: user.uid, gid: user.gid };
}
