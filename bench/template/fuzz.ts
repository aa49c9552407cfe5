/**
 * Random templates rendered by lib/template and by Python's Jinja2, live:
 * `npx tsx bench/template/fuzz.ts [--seed 1] [--count 10000] [--python python3] [--write goldens.jsonl] [--show 5]`.
 * The Python needs jinja2 3.1.6. Prints how many are same, loud (refused here, rendered there), lax (rendered here,
 * failed there), silent (another text) and failed in both; ends with 1 when any is lax or silent.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { z } from "zod";
import { renderJsonLine } from "#lib/template/render-json-line.ts";
import { randomCase } from "./statements.ts";

const answerSchema = z.object({
  id: z.string(),
  output: z.string().optional(),
  error: z.object({ type: z.string(), message: z.string() }).optional(),
  refused: z.object({ reason: z.string() }).optional(),
  skipped: z.string().optional(),
});
type Answer = z.infer<typeof answerSchema>;
type Verdict = "same" | "loud" | "lax" | "silent" | "both-fail" | "skipped";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "10000" },
    python: { type: "string", default: "python3" },
    write: { type: "string" },
    show: { type: "string", default: "5" },
  },
});

/** What Jinja2 makes of the lines, in their order. */
async function renderByJinja(lines: readonly string[]): Promise<Answer[]> {
  const script = path.join(import.meta.dirname, "jinja.py");
  const child = spawn(values.python, ["-W", "ignore", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const answers: Answer[] = [];
  const reading = (async () => {
    for await (const line of createInterface({ input: child.stdout }))
      answers.push(answerSchema.parse(JSON.parse(line)));
  })();
  for (const line of lines)
    if (!child.stdin.write(`${line}\n`)) await Promise.race([once(child.stdin, "drain"), exit]);
  child.stdin.end();
  await Promise.all([reading, exit]);
  if (answers.length !== lines.length)
    throw new Error(`Python answered ${answers.length} of ${lines.length} lines; is jinja2 there?`);
  return answers;
}

function verdictOf(theirs: Answer, ours: Answer): Verdict {
  if (theirs.skipped !== undefined) return "skipped";
  if (theirs.output === undefined) return ours.output === undefined ? "both-fail" : "lax";
  if (ours.output === undefined) return "loud";
  return ours.output === theirs.output ? "same" : "silent";
}

function printCase(verdict: Verdict, line: string, theirs: Answer, ours: Answer): void {
  console.log(`\n${verdict}: ${line}`);
  console.log(`  jinja2: ${JSON.stringify(theirs.output ?? theirs.error)}`);
  console.log(`  ours:   ${JSON.stringify(ours.output ?? ours.refused)}`);
}

const [seed, count, show] = [Number(values.seed), Number(values.count), Number(values.show)];
const lines = Array.from({ length: count }, (_, index) => randomCase(seed, index));
const jinja = await renderByJinja(lines);
const counts = new Map<Verdict, number>();
const reasons = new Map<string, number>();
lines.forEach((line, index) => {
  const theirs = jinja[index];
  if (theirs === undefined) return;
  const ours = answerSchema.parse(JSON.parse(renderJsonLine(line)));
  const verdict = verdictOf(theirs, ours);
  const found = (counts.get(verdict) ?? 0) + 1;
  counts.set(verdict, found);
  if (theirs.skipped !== undefined) console.log(`skipped ${theirs.id}: ${theirs.skipped}`);
  if ((verdict === "lax" || verdict === "silent") && found <= show)
    printCase(verdict, line, theirs, ours);
  const reason = ours.refused?.reason;
  if (verdict === "loud" && reason !== undefined)
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
});
console.log(`\nseed ${seed}: ${[...counts].map(([verdict, n]) => `${verdict} ${n}`).join(", ")}`);
for (const [reason, n] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, show))
  console.log(`  loud ${n}: ${reason}`);
if (values.write !== undefined) {
  const goldens = lines.map((line, index) => {
    const { id: _, ...answer } = jinja[index] ?? {};
    return `${line.slice(0, -1)}, ${JSON.stringify(answer).slice(1)}`;
  });
  writeFileSync(values.write, `${goldens.join("\n")}\n`);
}
process.exitCode = (counts.get("lax") ?? 0) + (counts.get("silent") ?? 0) > 0 ? 1 : 0;
