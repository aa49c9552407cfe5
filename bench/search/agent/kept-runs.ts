import { appendFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { MethodRun } from "./compare.ts";

/** Runs kept in a JSONL file, so that a long comparison can be stopped and taken up again. */
export async function keptRuns(file: string): Promise<MethodRun[]> {
  await mkdir(path.dirname(file), { recursive: true });
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  // Our own file of a moment ago: written by keepRuns and by nobody else.
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): MethodRun => JSON.parse(line));
}

export async function keepRuns(file: string, runs: readonly MethodRun[]): Promise<void> {
  await appendFile(file, runs.map((run) => `${JSON.stringify(run)}\n`).join(""));
}
