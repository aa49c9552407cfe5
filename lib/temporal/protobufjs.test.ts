import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const root = path.join(import.meta.dirname, "../..");
const lock = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional() })),
});

test("the tree holds one protobufjs 8.x, without which histories do not replay", () => {
  const { packages } = lock.parse(
    JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")),
  );
  const copies = Object.entries(packages).filter(
    ([name, { version }]) => name.endsWith("node_modules/protobufjs") && version?.startsWith("8."),
  );
  expect(copies.map(([name, { version }]) => [name, version])).toEqual([
    ["node_modules/protobufjs", "8.8.1"],
  ]);
  for (const [name] of copies) expect(existsSync(path.join(root, name))).toBe(true);
});

test("all of Temporal's packages are of one version", () => {
  const { packages } = lock.parse(
    JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")),
  );
  const versions = Object.entries(packages)
    .filter(([name]) => /^node_modules\/@temporalio\/[^/]+$/.test(name))
    .map(([, { version }]) => version);
  expect(new Set(versions)).toEqual(new Set(["1.24.0"]));
});
