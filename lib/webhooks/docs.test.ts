import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { outboxTopics } from "#lib/db/outbox.ts";
import { signatureHeaders } from "./signature.ts";

const page = readFileSync(path.join(import.meta.dirname, "../../docs/webhooks.md"), "utf8");
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const former = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const body = JSON.stringify({ type: "tag.moved", data: { tag: "prød" } });

function blockOf(language: string): string {
  const block = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (block === undefined) throw new Error(`docs/webhooks.md has no ${language} block`);
  return block;
}

const signed = (text: string) => ({
  body: text,
  headers: signatureHeaders({
    eventId: "1",
    body: text,
    secrets: [former, secret],
    now: new Date(),
  }),
});
const cases = [
  { ...signed(body), expected: "tag.moved" },
  { ...signed(body), body: body.replace("prød", "prod"), expected: "refused" },
  {
    ...signed(body),
    headers: { ...signed(body).headers, "webhook-timestamp": "1" },
    expected: "refused",
  },
];

test("the receiver in Python verifies what is sent and refuses what was changed", () => {
  const program = `${blockOf("python")}
import sys
for one in json.load(sys.stdin):
    try:
        print(verify("${secret}", one["headers"], one["body"].encode())["type"])
    except ValueError:
        print("refused")
`;
  const ran = spawnSync("python3", ["-c", program], {
    input: JSON.stringify(cases),
    encoding: "utf8",
    timeout: 30_000,
  });
  expect(ran.stderr).toBe("");
  expect(ran.stdout.trim().split("\n")).toEqual(cases.map(({ expected }) => expected));
});

test("the receiver in Node verifies what is sent and refuses what was changed", async () => {
  // Inside the project, so that the library is found.
  const folder = mkdtempSync(path.join(import.meta.dirname, "../../node_modules/.webhooks-docs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "verify.mjs");
  writeFileSync(file, blockOf("js"));
  const { verify } = z
    .object({ verify: z.custom<(...input: unknown[]) => unknown>() })
    .parse(await import(pathToFileURL(file).href));
  const typed = z.object({ type: z.string() });
  for (const { headers, body: text, expected } of cases) {
    if (expected === "refused") expect(() => verify(secret, headers, text)).toThrow();
    else expect(typed.parse(verify(secret, headers, text)).type).toBe(expected);
  }
});

test("the page names every event and no other", () => {
  const named = [...page.matchAll(/^\| `([a-z.]+)` \|/gm)].map((match) => match[1]);
  expect(named.sort()).toEqual([...outboxTopics, "webhook.test"].sort());
});
