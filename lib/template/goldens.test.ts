import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderJsonLine } from "./render-json-line.ts";
import { parseTemplate, renderTemplate } from "./template.ts";

const fixtures = new URL("../../tests/fixtures/jinja2/", import.meta.url);

function linesOf(file: string): string[] {
  return readFileSync(new URL(file, fixtures), "utf8").trim().split("\n");
}

type Score = { same: string[]; loud: string[]; lax: string[]; silent: string[]; refused: string[] };

/** Compare each case with what Jinja2 made of it. Lax: rendered what Jinja2 or the registry refuses. */
function score(lines: readonly string[]): Score {
  const found: Score = { same: [], loud: [], lax: [], silent: [], refused: [] };
  for (const line of lines) {
    const golden: { id: string; output?: string; registry?: string } = JSON.parse(line);
    const answer: { output?: string } = JSON.parse(renderJsonLine(line));
    const wanted = golden.registry === "refuse" ? undefined : golden.output;
    found[verdict(wanted, answer.output)].push(golden.id);
  }
  return found;
}

function verdict(wanted: string | undefined, actual: string | undefined): keyof Score {
  if (wanted === undefined) return actual === undefined ? "refused" : "lax";
  if (actual === undefined) return "loud";
  return actual === wanted ? "same" : "silent";
}

test("no golden case of Jinja2 renders another text, and all but three render", () => {
  const found = score(linesOf("conformance.jsonl"));
  expect(found.silent).toEqual([]);
  expect(found.lax).toEqual([]);
  expect(found.loud).toEqual(["filters-074", "filters-078", "methods-015"]);
  expect(found.same).toHaveLength(336);
  expect(found.refused).toHaveLength(57);
});

test("no extra case found against Jinja2 renders another text or what Jinja2 refuses", () => {
  const found = score(linesOf("extra.jsonl"));
  expect(found.silent).toEqual([]);
  expect(found.lax).toEqual([]);
});

test("no random template renders another text than Jinja2 did or what Jinja2 refused", () => {
  const lines = linesOf("fuzz.jsonl");
  const found = score(lines);
  expect(found.silent).toEqual([]);
  expect(found.lax).toEqual([]);
  expect(found.same.length).toBeGreaterThan(lines.length / 2 - 10);
  expect(found.loud.length).toBeLessThan(lines.length / 50);
});

type Attack = {
  id: string;
  expect: "reject" | "bounded";
  template?: string;
  build?: [string, number][];
  context?: unknown;
  contextText?: string;
  contextBuild?: [string, number][];
};

function assembled(parts: readonly [string, number][]): string {
  return parts.map(([text, times]) => text.repeat(times)).join("");
}

test.each(linesOf("attacks.jsonl").map((line): Attack => JSON.parse(line)))(
  "the attack $id neither runs, leaks nor outgrows its bounds",
  (attack) => {
    const source = attack.template ?? assembled(attack.build ?? []);
    const context =
      attack.contextText ??
      (attack.contextBuild === undefined
        ? JSON.stringify(attack.context ?? {})
        : assembled(attack.contextBuild));
    const started = performance.now();
    const parsed = parseTemplate(source);
    const result = parsed.ok ? renderTemplate(parsed.template, context) : parsed;
    const output = result.ok ? result.output : result.refusal.reason;
    expect(output).not.toMatch(/HIT42|native code|\[object/);
    expect(Reflect.has(globalThis, "HIT")).toBe(false);
    expect(Reflect.has({}, "polluted")).toBe(false);
    expect(output.length).toBeLessThanOrEqual(1_048_576);
    if (attack.expect === "reject") expect(result.ok).toBe(false);
    // Far above what any case takes; it only tells a bounded run from a hanging one.
    expect(performance.now() - started).toBeLessThan(5_000);
  },
);
