import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readTextFile } from "./input.ts";

async function fileOf(...bytes: (string | number[])[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "genepool-input-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, "rows.jsonl");
  await writeFile(file, Buffer.concat(bytes.map((part) => Buffer.from(part))));
  return file;
}

test("a file is read as it is, with its line ends and letters of all scripts", async () => {
  const text = "eins ä\r\n二\n";
  expect(await readTextFile(await fileOf(text))).toBe(text);
});

test("a file that is not UTF-8 is refused, and every line that is not is named", async () => {
  const latin = [0x66, 0xfc, 0x72];
  const file = await fileOf("one\n", latin, "\nthree ü\n", latin);
  await expect(readTextFile(file)).rejects.toThrow(/rows\.jsonl is not UTF-8 on lines 2, 4\./);
});
