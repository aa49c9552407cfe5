import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { addSuitesCommand } from "./suites.ts";

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  process.env.DATABASE_URL = database.url;
  folder = mkdtempSync(path.join(tmpdir(), "genepool-suites-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

/** Runs a command in this process; answers what it prints for people on either stream. */
async function genepool(...words: string[]): Promise<{ out: string; err: string }> {
  const program = new Command("genepool").exitOverride();
  addSuitesCommand(program);
  const printed = { out: "", err: "" };
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.out += `${text}`;
    return true;
  });
  const err = vi.spyOn(console, "error").mockImplementation((text) => {
    printed.err += `${text}\n`;
  });
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    printed.err += `${error instanceof Error ? error.message : error}\n`;
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  return printed;
}

function fileOf(name: string, rows: readonly unknown[]): string {
  const file = path.join(folder, name);
  const lines = rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row)));
  writeFileSync(file, lines.join("\n"));
  return file;
}

const rows = Array.from({ length: 10 }, (_, i) => ({
  id: `q-${i}`,
  input: `${i} + 1`,
  expected: `${i + 1}`,
  graders: [{ grader: { kind: "numeric" } }, { grader: { kind: "contains", none: ["sorry"] } }],
}));
const answers = rows.map(({ id }, i) => ({ id, answer: i < 7 ? `It is ${i + 1}` : "Sorry" }));

test("a suite is checked, imported and its answers graded, with the interval and the failures", async () => {
  const file = fileOf("sums.jsonl", rows);
  expect((await genepool("suites", "import", file, "--check")).out).toContain(
    "sums: 10 new, 0 unchanged, 0 retired benchmarks if imported; nothing was written.",
  );
  expect((await genepool("suites", "import", file)).out).toContain("sums: 10 new");
  const given = fileOf("answers.jsonl", [...answers.slice(0, 9), { id: "nobody", answer: "?" }]);
  const { out } = await genepool("suites", "grade", "sums", "--answers", given);
  expect(out).toContain("sums: 78 % (45–94, n = 9) succeed");
  expect(out).toContain("Not counted for want of an answer: q-9");
  expect(out).toContain("Answers to no benchmark: nobody");
  expect(out).toMatch(/numeric +7 +9/);
  expect(out).toContain("q-8");
});

test("a file that was never imported is graded too, and bad lines of either file are all named", async () => {
  const file = fileOf("try.jsonl", rows);
  const given = fileOf("given.jsonl", answers);
  const tried = await genepool("suites", "grade", "try", "--file", file, "--answers", given);
  expect(tried.out).toContain("try: 70 % (40–89, n = 10) succeed");
  const badAnswers = fileOf("bad-answers.jsonl", ["{", ...answers, { id: "q-1", answer: "2" }]);
  const refused = await genepool("suites", "grade", "try", "--file", file, "--answers", badAnswers);
  expect(refused.err).toMatch(/line 1: not .*\n.*line 12: a second answer for "q-1"/);
  expect(refused.out).toBe("");
  const badRows = fileOf("bad.jsonl", ["[]", ...rows, "{}"]);
  const { out, err } = await genepool("suites", "import", badRows);
  expect(err).toMatch(/^line 1: /m);
  expect(err).toMatch(/^line 12: /m);
  expect(out).toBe("");
});

test("a suite that is not there is said to be, with those that are", async () => {
  const given = fileOf("none.jsonl", answers);
  expect((await genepool("suites", "grade", "none", "--answers", given)).err).toContain(
    'There is no suite "none"',
  );
  const cost = ["--answers", given, "--cost-limit", "much"];
  expect((await genepool("suites", "grade", "none", ...cost)).err).toContain("0 to 10000 USD");
});

test("an import names repeated and contradicting inputs, and says when nothing can be proven", async () => {
  const file = fileOf("mixed.jsonl", [
    { id: "a", input: "2 + 2", expected: "4" },
    { id: "b", input: " 2 + 2. ", expected: "5" },
    ...Array.from({ length: 6 }, (_, i) => ({ id: `d-${i}`, input: "89 + 42", expected: "131" })),
  ]);
  const advice =
    /can be searched, but it proves nothing: .* has 2 different inputs\. Import 38 or more/;
  for (const more of [["--check"], []]) {
    const { out } = await genepool("suites", "import", file, ...more);
    expect(out).toContain("mixed now: 2 different inputs, 1 sealed (only a proof runs these).");
    expect(out).toContain("Repeated: 8 rows share 2 inputs");
    expect(out).toContain("  d-0, d-1, d-2, d-3, d-4, d-5\n");
    expect(out).toContain("Contradictions: 1 input with different expected answers.");
    expect(out).toContain('  "4" in a · "5" in b\n');
    expect(out).toMatch(advice);
  }
  const { out } = await genepool("suites", "import", file, "--json");
  expect(JSON.parse(out)).toMatchObject({
    groups: 2,
    sealed: 1,
    repeated: { groups: 2, rows: 8, first: [{ ids: ["a", "b"] }, { rows: 6 }] },
    contradictions: {
      groups: 1,
      first: [
        {
          answers: [
            { expected: "4", ids: ["a"] },
            { expected: "5", ids: ["b"] },
          ],
        },
      ],
    },
    advice: expect.stringMatching(advice),
  });
});

test("a suite of forty different inputs imports without a word on proofs that are missing", async () => {
  const many = Array.from({ length: 40 }, (_, i) => ({
    id: `m-${i}`,
    input: `${i} + 2`,
    expected: `${i + 2}`,
  }));
  const { out } = await genepool("suites", "import", fileOf("many.jsonl", many));
  expect(out).toBe(
    "many: 40 new, 0 unchanged, 0 retired benchmarks.\nmany now: 40 different inputs, 20 sealed (only a proof runs these).\n",
  );
});
