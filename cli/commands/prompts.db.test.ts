import { Command } from "commander";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { type PromptRecord, requirePrompt } from "#lib/db/prompts.ts";
import { updateSettings } from "#lib/settings/settings.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeProduction, makePrompt } from "#tests/factories.ts";
import { addPromptsCommand } from "./prompts.ts";

let database: TestDatabase;
let handle: DatabaseHandle;
let production: PromptRecord;
let drafts: PromptRecord[];

beforeAll(async () => {
  database = await createTestDatabase();
  process.env.DATABASE_URL = database.url;
  handle = createDatabase({ url: database.url });
});

afterAll(async () => {
  await handle.close();
  await database.drop();
});

let agents = 0;

beforeEach(async () => {
  const name = `agent-${++agents}`;
  await makeAgentType(handle.db, { name });
  production = await makeProduction(handle.db, { agentType: name });
  drafts = [
    await makePrompt(handle.db, { agentType: name }),
    await makePrompt(handle.db, { agentType: name }),
  ];
});

/** Runs a command in this process; answers what it prints, the message of a failure included. */
async function genepool(...words: string[]): Promise<string> {
  const program = new Command("genepool").exitOverride();
  addPromptsCommand(program);
  let printed = "";
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += `${text}`;
    return true;
  });
  const err = vi.spyOn(console, "error").mockImplementation((text) => {
    printed += `${text}\n`;
  });
  try {
    await program.parseAsync(["prompts", ...words], { from: "user" });
  } catch (error) {
    printed += `${error instanceof Error ? error.message : error}\n`;
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  return printed;
}

const named = ({ agentType, version }: PromptRecord) => `${agentType}@${version}`;

test("release says that it is off, and once it is on puts the prompt into production with the mark", async () => {
  const [draft] = drafts;
  if (draft === undefined) throw new Error("no draft");
  const reason = ["--reason", "the tool was renamed", "--by", "ada"];
  expect(await genepool("release", named(draft), ...reason)).toContain("switched off");
  await updateSettings(handle.db, { releaseWithoutProof: true }, "test");
  expect(await genepool("release", named(draft), ...reason)).toBe(
    `${named(draft)} is in production without proof (prod, generation 2).\n`,
  );
  expect(await requirePrompt(handle.db, draft.id)).toMatchObject({
    status: "production",
    unproven: true,
  });
  expect(await genepool("list", "--agent", draft.agentType)).toContain("production (unproven)");
});

test("a proof is previewed for all prompts that it names, and starts nothing", async () => {
  const printed = await genepool("prove", ...drafts.map(named), "--seed", "7", "--preview");
  const versions = drafts.map(({ version }) => version).join(", ");
  expect(printed).toContain(
    `${production.version}, simulated:standard, seed 7, proof of ${versions}`,
  );
  expect(printed).toMatch(/proposer calls +0 +0/);
  expect(await handle.db.optimization.count()).toBe(0);
});

test("prove refuses prompts of two agent types, none at all, and what is in production", async () => {
  const { name } = await makeAgentType(handle.db, { name: `other-${agents}` });
  const foreign = await makePrompt(handle.db, { agentType: name });
  const [draft = production] = drafts;
  expect(await genepool("prove", named(draft), named(foreign))).toContain("of one agent type");
  expect(await genepool("prove")).toContain("Name the prompts");
  expect(await genepool("prove", named(production))).toContain("measured against");
  expect(await genepool("prove", "--finalists-of", "7")).toContain("takes the id of a run");
});
