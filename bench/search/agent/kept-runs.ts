import { appendFile, mkdir, readFile, truncate } from "node:fs/promises";
import path from "node:path";
import type { MethodRun } from "./compare.ts";

/** Runs kept in a JSONL file, so that a long comparison can be stopped and taken up again. */
export async function keptRuns(file: string): Promise<MethodRun[]> {
  // Our own file of a moment ago: written by keepRuns and by nobody else.
  return (await linesOf(file)).map((line): MethodRun => JSON.parse(line));
}

/** The lines of a file, none when it is not there; its folder is made. A last line that a kill cut off is taken away. */
export async function linesOf(file: string): Promise<string[]> {
  await mkdir(path.dirname(file), { recursive: true });
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length < text.length) await truncate(file, Buffer.byteLength(whole));
  return whole.split("\n").slice(0, -1);
}

export async function keepRuns(file: string, runs: readonly MethodRun[]): Promise<void> {
  await appendFile(file, runs.map((run) => `${JSON.stringify(run)}\n`).join(""));
}
