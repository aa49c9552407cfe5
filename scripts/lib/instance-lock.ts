import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { AppError } from "#lib/errors.ts";

const lockContent = z.object({ pid: z.int(), born: z.string(), address: z.string() });

/** Takes the data directory for this process; throws AppError("conflict") when another start runs here. */
export function takeInstanceLock(dataDir: string, address: string): () => void {
  const file = path.join(dataDir, "running.json");
  const holder = readHolder(file);
  if (holder !== null && bornOf(holder.pid) === holder.born) {
    throw new AppError(
      "conflict",
      `Genepool is already running here (process ${holder.pid}, ${holder.address}). Stop it with Ctrl-C or kill ${holder.pid}, or set GENEPOOL_DATA_DIR and PORT to run a second one.`,
    );
  }
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(
      file,
      JSON.stringify({ pid: process.pid, born: bornOf(process.pid) ?? "", address }),
    );
  } catch (error) {
    throw unwritable(dataDir, error);
  }
  return () => rmSync(file, { force: true });
}

function readHolder(file: string): z.infer<typeof lockContent> | null {
  if (!existsSync(file)) return null;
  try {
    return lockContent.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // A lock cut short by a full disk or a crash names nobody: whoever wrote it is gone or will fail by itself.
    return null;
  }
}

/** What tells a process from a later one with the same number; null when it does not live. */
function bornOf(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return null;
  }
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return "alive";
  return readFileSync(stat, "utf8").split(") ")[1]?.split(" ")[19] ?? "alive";
}

/** The error for a data directory that cannot be written, with its cause told apart. */
export function unwritable(dataDir: string, error: unknown): AppError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const message =
    code === "ENOSPC"
      ? `The disk that holds ${dataDir} is full. Free some space and start again; nothing is lost.`
      : `The data directory ${dataDir} is not writable (${error instanceof Error ? error.message : error}). Give this user write access, or set GENEPOOL_DATA_DIR to another directory.`;
  return new AppError("unavailable", message, { cause: error });
}
