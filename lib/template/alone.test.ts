import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

test("the engine imports nothing but its own files, and makes no code from text", () => {
  const files = readdirSync(import.meta.dirname).filter((file) => /(?<!\.test)\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(50);
  const all: string[] = [];
  for (const file of files) {
    const source = readFileSync(path.join(import.meta.dirname, file), "utf8");
    const targets = [...source.matchAll(/^(?:import\b[^"]*|\} from )"([^"]+)"/gm)].map(
      (match) => match[1] ?? "",
    );
    const foreign = targets.filter((target) => !/^\.\/[\w-]+\.ts$/.test(target));
    expect(foreign, file).toEqual([]);
    all.push(...targets);
    expect(source, file).not.toMatch(/\beval\(|\bnew Function\b|\b(?:require|import)\(|node:vm/);
  }
  expect(all.length).toBeGreaterThan(200);
});
