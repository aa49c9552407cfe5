/** Starts `run-attacks.ts` in a process of its own and reads what it measured. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

/** What docs/templates.md promises: time that the process is held up, and memory over its start. */
export const bounds = { admissionMs: 100, renderMs: 500, growthMb: 64 };

const measureSchema = z.object({
  id: z.string(),
  refused: z.boolean(),
  refusedAtSave: z.boolean(),
  worked: z.boolean(),
  characters: z.number(),
  admissionMs: z.number(),
  renderMs: z.number(),
  growthMb: z.number(),
  nextRenders: z.boolean(),
});
export type Measure = z.infer<typeof measureSchema>;

const root = path.join(import.meta.dirname, "../..");
const script = path.join(import.meta.dirname, "run-attacks.ts");

/** The cases of attacks.jsonl, one JSON text each. */
export function attackLines(): string[] {
  const file = path.join(root, "tests/fixtures/jinja2/attacks.jsonl");
  return readFileSync(file, "utf8").trim().split("\n");
}

/** Run these cases one after the other in one new process. */
export function measureAttacks(lines: readonly string[]): Measure[] {
  const command = ["--import", "tsx", script];
  const input = lines.join("\n");
  const printed = execFileSync(process.execPath, command, { cwd: root, input, encoding: "utf8" });
  return printed
    .trim()
    .split("\n")
    .map((line) => measureSchema.parse(JSON.parse(line)));
}
