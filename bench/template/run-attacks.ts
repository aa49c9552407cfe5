/**
 * Runs hostile templates in a process of its own, which `attacks.ts` and its test start and measure. Reads cases of
 * attacks.jsonl on standard input and prints one line for each: what happened, how long admission and rendering held
 * the process up, how far resident memory rose over its start, and whether the next rendering worked.
 */
import { createInterface } from "node:readline";
import { z } from "zod";
import { checkTemplate } from "#lib/template/check.ts";
import { parseTemplate, renderTemplate } from "#lib/template/template.ts";

const partsSchema = z.array(z.tuple([z.string(), z.number()]));
const attackSchema = z.object({
  id: z.string(),
  expect: z.enum(["reject", "bounded"]),
  template: z.string().optional(),
  build: partsSchema.optional(),
  context: z.unknown().optional(),
  contextText: z.string().optional(),
  contextBuild: partsSchema.optional(),
});
type Attack = z.infer<typeof attackSchema>;

function assembled(parts: readonly (readonly [string, number])[]): string {
  return parts.map(([text, times]) => text.repeat(times)).join("");
}

function contextOf({ context, contextText, contextBuild }: Attack): string {
  if (contextText !== undefined) return contextText;
  return contextBuild === undefined ? JSON.stringify(context ?? {}) : assembled(contextBuild);
}

/**
 * Milliseconds that `work` holds the process up: the fastest of a few runs, and no more of each than the processor
 * worked for it, since on a busy machine other processes make a run wait.
 */
function timed<T>(work: () => T): { result: T; ms: number } {
  let ms = Number.POSITIVE_INFINITY;
  let result = work();
  for (let repeat = 0; repeat < 2 || (ms > 50 && repeat < 6); repeat += 1) {
    const start = performance.now();
    const before = process.cpuUsage();
    result = work();
    const { user, system } = process.cpuUsage(before);
    ms = Math.min(ms, performance.now() - start, (user + system) / 1_000);
  }
  return { result, ms };
}

function hasWorked(output: string): boolean {
  return (
    /HIT42|native code|\[object|function/.test(output) ||
    Reflect.has(globalThis, "HIT") ||
    Reflect.has({}, "polluted")
  );
}

function nextRenders(): boolean {
  const parsed = parseTemplate("{% for x in xs %}{{ loop.index }}{{ x }}{% endfor %}");
  const result = parsed.ok ? renderTemplate(parsed.template, '{"xs": ["a", "b"]}') : parsed;
  return result.ok && result.output === "1a2b";
}

function run(attack: Attack): object {
  const source = attack.template ?? assembled(attack.build ?? []);
  const context = contextOf(attack);
  const admit = () => checkTemplate(source);
  const show = () => {
    const parsed = parseTemplate(source);
    return parsed.ok ? renderTemplate(parsed.template, context) : parsed;
  };
  admit();
  show();
  // In kilobytes; the peak since the process began. Repeats would only measure how late V8 collects.
  const growthMb = (process.resourceUsage().maxRSS - startKb) / 1024;
  const admission = timed(admit);
  const render = timed(show);
  const { result } = render;
  return {
    id: attack.id,
    refused: !result.ok,
    refusedAtSave: !admission.result.ok,
    worked: hasWorked(result.ok ? result.output : ""),
    characters: result.ok ? result.output.length : 0,
    admissionMs: admission.ms,
    renderMs: render.ms,
    growthMb,
    nextRenders: nextRenders(),
  };
}

nextRenders();
const startKb = process.resourceUsage().maxRSS;
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(run(attackSchema.parse(JSON.parse(line)))));
