import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { envSchema, parseEnv } from "#lib/env.ts";

const root = path.join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

const skipped = new Set(["node_modules", ".temporal", ".git", ".next", ".genepool", "generated"]);

/** Files below `folder` whose name ends with one of `endings`, relative to the root. */
function filesBelow(folder: string, endings: readonly string[]): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(file, endings);
    return endings.some((ending) => entry.name.endsWith(ending)) ? [file] : [];
  });
}

const documents = filesBelow(".", [".md"]);

function exampleVariables(): [name: string, value: string][] {
  return read(".env.example")
    .split("\n")
    .flatMap((line) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    });
}

test(".env.example names exactly the variables that are read, in the same order", () => {
  expect(exampleVariables().map(([name]) => name)).toEqual(Object.keys(envSchema.shape));
});

test("the values of .env.example are the defaults", () => {
  expect(parseEnv(Object.fromEntries(exampleVariables()))).toEqual(parseEnv({}));
});

test("every variable of .env.example stands below a line that explains it", () => {
  const lines = read(".env.example").split("\n");
  const bare = lines.filter((line, i) => /^[A-Z_]+=/.test(line) && !lines[i - 1]?.startsWith("# "));
  expect(bare).toEqual([]);
});

test("every npm script that a document names exists", () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read("package.json")));
  const unknown = documents.flatMap((file) =>
    [...read(file).matchAll(/npm run (?:-s |--silent )?([a-z][\w:-]*)/g)]
      .map(([, name]) => name ?? "")
      .filter((name) => !(name in scripts))
      .map((name) => `${file}: npm run ${name}`),
  );
  expect(unknown).toEqual([]);
});

test("every relative link of a document resolves", () => {
  const broken = documents.flatMap((file) =>
    [...read(file).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => (target ?? "").replace(/#.*$/, ""))
      .filter((target) => target !== "" && !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(path.join(root, path.dirname(file), target)))
      .map((target) => `${file}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test("every decision record that code or a document names exists", () => {
  const files = [...documents, ...filesBelow(".", [".ts", ".tsx", ".mjs", ".sql", ".prisma"])];
  const missing = files.flatMap((file) =>
    [...read(file).matchAll(/docs\/decisions\/[\w.-]*\w/g)]
      .map(([target]) => target)
      .filter((target) => target.endsWith(".md") && !existsSync(path.join(root, target)))
      .map((target) => `${file}: ${target}`),
  );
  expect(missing).toEqual([]);
});

test("no two decision records share a number", () => {
  const numbers = readdirSync(path.join(root, "docs/decisions")).map((name) => name.slice(0, 4));
  expect(numbers).toEqual([...new Set(numbers)]);
  expect(numbers.filter((number) => !/^\d{4}$/.test(number))).toEqual([]);
});
