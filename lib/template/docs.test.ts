import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkTemplate } from "./check.ts";
import { dictMethods, listMethods } from "./collection-methods.ts";
import * as limits from "./limits.ts";
import { renderMessages } from "./messages.ts";
import { filterSignatures, testSignatures } from "./signatures.ts";
import { parseTemplate, renderTemplate } from "./template.ts";
import { textMethods } from "./text-methods.ts";

const root = path.join(import.meta.dirname, "../..");
const page = readFileSync(path.join(root, "docs/templates.md"), "utf8");

type Example = { heading: string; how: string; source: string; context: string; shown: string };

/** A `jinja` fence, an optional `json` fence with its variables and the `text` fence that shows what comes of it. */
function examplesOf(text: string): Example[] {
  const fences =
    /^### (?<heading>.*)$|^```(?<language>\w+)(?: (?<how>.*))?\n(?<body>[\s\S]*?)\n?```$/gm;
  const examples: Example[] = [];
  let heading = "";
  let next: Example | undefined;
  for (const { groups = {} } of text.matchAll(fences)) {
    const { language, how = "", body = "" } = groups;
    if (groups.heading !== undefined) heading = groups.heading;
    else if (language === "jinja") next = { heading, how, source: body, context: "{}", shown: "" };
    else if (next !== undefined && language === "json") next.context = body;
    else if (next !== undefined && language === "text") {
      examples.push({ ...next, source: sourceOf(next), shown: body });
      next = undefined;
    }
  }
  return examples;
}

function sourceOf({ how, source }: Example): string {
  if (how.endsWith("escaped")) return JSON.parse(`"${source}"`);
  const times = /× (\d+)$/.exec(how)?.[1];
  return times === undefined ? source : source.repeat(Number(times));
}

function requiredBy({ how }: Example): string[] {
  return /requires (.*)$/.exec(how)?.[1]?.split(" ") ?? [];
}

/** What the page has to show for an example. */
function outcomeOf(example: Example): string {
  const { how, source, context } = example;
  if (how.startsWith("refused when rendered") || how === "") {
    const parsed = parseTemplate(source);
    const result = parsed.ok ? renderTemplate(parsed.template, context) : parsed;
    if (result.ok) return result.output;
    const { line, column, reason } = result.refusal;
    return `prompt.j2:${line}:${column} ${reason}`;
  }
  if (how === "messages") {
    const result = renderMessages(source, context);
    return JSON.stringify(result.ok ? result.messages : result.refusal, null, 2);
  }
  const checked = checkTemplate(source, { requiredVariables: requiredBy(example) });
  const refusals = checked.ok ? [] : checked.refusals;
  return refusals
    .map(({ line, column, reason }) => `prompt.j2:${line}:${column} ${reason}`)
    .join("\n");
}

const examples = examplesOf(page);
const refused = examples.filter(({ how }) => how.startsWith("refused"));

test.each(examples)("the page shows what comes of $source", (example) => {
  expect(example.shown).toBe(outcomeOf(example));
  expect(example.shown).not.toBe("");
});

test.each(refused.filter(({ how }) => !how.includes("when rendered")))(
  "$source is refused as its heading says: $heading",
  (example) => {
    const checked = checkTemplate(example.source, { requiredVariables: requiredBy(example) });
    const constructs = checked.ok ? [] : checked.refusals.map(({ construct }) => construct);
    expect(constructs).toContain(example.heading);
  },
);

test("every construct that the engine refuses has an example", () => {
  const sources = readdirSync(import.meta.dirname)
    .filter((file) => /(?<!\.test)\.ts$/.test(file))
    .map((file) => readFileSync(path.join(import.meta.dirname, file), "utf8"));
  const constructs = sources.flatMap((source) =>
    [...source.matchAll(/(?:new TemplateError|\brefuse)\(\s*"([\w-]+)"/g)].map((match) => match[1]),
  );
  const shown = new Set(refused.map(({ heading }) => heading.replace(", when rendered", "")));
  expect(constructs.filter((construct) => construct && !shown.has(construct))).toEqual([]);
  expect(shown.size).toBeGreaterThan(25);
});

function listedAfter(title: string): string[] {
  const start = page.indexOf(title) + title.length;
  const line = page.slice(start).trimStart().split("\n\n", 1)[0] ?? "";
  return [...line.matchAll(/`([^`(]+)(?:\([^`]*\))?`/g)].map((match) => match[1] ?? "").sort();
}

test("the page lists every filter, test and method and no other", () => {
  const words = [...testSignatures.keys()].filter((name) => /^\w+$/.test(name));
  expect(listedAfter("### Filters\n")).toEqual([...filterSignatures.keys()].sort());
  expect(listedAfter("### Tests\n")).toEqual(words.sort());
  expect(listedAfter("Of texts:")).toEqual([...textMethods].sort());
  expect(listedAfter("Of lists:")).toEqual([...listMethods].sort());
  expect(listedAfter("Of mappings:")).toEqual([...dictMethods].sort());
});

test("the page states every limit as the engine has it", () => {
  const { defaultBudget, checkBudget, Budget: _, ...single } = limits;
  const table = page.slice(page.indexOf("## Limits\n"));
  for (const limit of [single, defaultBudget, checkBudget].flatMap(Object.values))
    expect(table).toContain(`| ${limit.toLocaleString("en")} `);
});

test("the command line prints a refusal as the page shows it", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "templates-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const plain = refused.filter(({ how }) => how === "refused").slice(0, 1);
  for (const { source, shown } of plain) {
    writeFileSync(path.join(folder, "prompt.j2"), source);
    let printed = "";
    try {
      const command = [path.join(root, "bin/genepool.mjs"), "template", "check", "prompt.j2"];
      execFileSync(process.execPath, command, { cwd: folder, encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      if (error instanceof Error && "stdout" in error) printed = `${error.stdout}`;
    }
    expect(printed).toBe(`${shown}\n`);
  }
});
