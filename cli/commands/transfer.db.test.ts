import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { productionPrompt } from "#lib/registry/production.ts";
import { allowConsole } from "#tests/console-guard.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType } from "#tests/factories.ts";
import { exitCodes } from "../exit.ts";
import { addExportCommand } from "./export.ts";
import { addImportCommand } from "./import-knowledge.ts";
import { addPromptsCommand } from "./prompts.ts";

let database: TestDatabase;
let handle: DatabaseHandle;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  process.env.DATABASE_URL = database.url;
  folder = mkdtempSync(path.join(tmpdir(), "genepool-transfer-"));
  handle = createDatabase({ url: database.url });
  await makeAgentType(handle.db);
});

afterEach(() => {
  process.exitCode = 0;
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await handle.close();
  await database.drop();
});

/** Runs a command in this process; answers what it prints for programs. */
async function genepool(...words: string[]): Promise<string> {
  const program = new Command("genepool").exitOverride();
  for (const add of [addPromptsCommand, addExportCommand, addImportCommand]) add(program);
  const printed: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.push(`${text}`);
    return true;
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return printed.join("");
  } finally {
    spy.mockRestore();
  }
}

function fileOf(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

test("prompts are shown first and written with --apply", async () => {
  allowConsole(/^Nothing was written; --apply does it\.$/);
  const file = fileOf("prompts.yaml", "engineer: Solve {{ problem }}.\n");
  expect(await genepool("prompts", "import", file)).toMatch(/engineer +1\.0\.0 +create +yes/);
  expect(await handle.db.prompt.count()).toBe(0);
  const done = await genepool("prompts", "import", file, "--apply", "--promote");
  expect(done).toContain("1 imported, 0 unchanged.\nengineer@1.0.0 goes into production.\n");
  expect(await productionPrompt(handle.db, "engineer")).toMatchObject({ tag: "prod" });
});

test("a folder stands for its files, and one refused prompt keeps all of them out", async () => {
  allowConsole(/^note: .*nobody\.prompty:3 sample is left out/);
  allowConsole(/^Nothing is imported while a prompt is refused\.$/);
  fileOf("prompts.yaml", "engineer: Solve {{ problem }}.\n");
  fileOf("nobody.prompty", "---\nname: x\nsample: 1\n---\nsystem:\nHi.\n");
  const plan: unknown = JSON.parse(
    await genepool("prompts", "import", folder, "--apply", "--json"),
  );
  expect(plan).toMatchObject({
    applied: false,
    prompts: [
      { agentType: "engineer", action: expect.stringMatching(/create|unchanged/) },
      { agentType: "nobody", action: "refused", line: 1 },
    ],
  });
  expect(process.exitCode).toBe(exitCodes.usage);
  expect(await handle.db.prompt.count({ where: { agentType: "nobody" } })).toBe(0);
});

test("a file that cannot be read is refused with its line", async () => {
  const twice = fileOf("twice.yml", "a: x\na: y\n");
  await expect(genepool("prompts", "import", twice)).rejects.toThrow(
    /twice\.yml:2 Map keys must be unique/,
  );
  await expect(genepool("prompts", "import", `${folder}/none.yaml`)).rejects.toThrow(/ENOENT/);
  await expect(genepool("prompts", "import", twice, "--agent", "engineer")).rejects.toThrow(
    /--agent is for Prompty files/,
  );
});

test("an export is a file of its owner that an import knows again", async () => {
  allowConsole(/^\d+ rows\. What follows: genepool export --since \d{4}-/);
  const file = path.join(folder, "all.jsonl");
  await genepool("export", "--out", file);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(await genepool("import", file)).toMatch(
    new RegExp(`^0 new, ${lines.length - 2} known rows, as they were at `),
  );
  await expect(
    genepool("import", fileOf("cut.jsonl", lines.slice(0, -1).join("\n"))),
  ).rejects.toThrow(new RegExp(`^Line ${lines.length - 1}: the file is cut off within this line`));
});

test("what cannot be written or understood is said in a sentence", async () => {
  await expect(genepool("export", "--out", `${folder}/none/all.jsonl`)).rejects.toThrow(
    /^Cannot write .*ENOENT/,
  );
  await expect(genepool("export", "--since", "yesterday")).rejects.toThrow(/is no ISO time/);
  await expect(genepool("import", `${folder}/none.jsonl`)).rejects.toThrow(/^Cannot read .*ENOENT/);
});
