import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import * as promptRoute from "#app/api/v1/agents/[agentType]/prompt/route.ts";
import * as runsRoute from "#app/api/v1/runs/route.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { closeDatabase } from "#lib/db/instance.ts";
import { listRuns } from "#lib/journal/runs.ts";
import { createApiKey } from "#lib/keys/api-keys.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { genomeOf, makeAgentType, makeProduction } from "#tests/factories.ts";
import { PromptService } from "./typescript/src/prompt-service.ts";

const run = promisify(execFile);
const content = "system:\nYou are {{ role }}: “Größe ≤ 5 µm”.\nuser:\n{{ task }}";
/** The first request makes the server load its snapshot: on a busy machine that takes longer than a controller waits. */
const patient = { cacheDirectory: null, timeoutMs: 30_000 };
let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let server: Server;
let url: string;
let key: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  process.env.DATABASE_URL = testDatabase.url;
  process.env.NEXTAUTH_SECRET = "0123456789abcdef0123456789abcdef";
  process.env.GENEPOOL_LOG_LEVEL = "silent";
  handle = createDatabase({ url: testDatabase.url, poolMax: 4 });
  const scopes = ["prompts:read" as const, "runs:write" as const];
  key = (await createApiKey(handle.db, { name: "controller", scopes }, "test")).key;
  server = createServer((request, response) => {
    serve(request, response).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
});

afterAll(async () => {
  server.close();
  await closeDatabase();
  await handle.close();
  await testDatabase.drop();
});

/** The product's own handlers behind a plain server. */
async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { method = "GET" } = incoming;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  const address = new URL(incoming.url ?? "/", url);
  const body = method === "POST" ? { body: Buffer.concat(chunks) } : {};
  const request = new Request(address, { method, headers, ...body });
  const agentType = decodeURIComponent(address.pathname.split("/")[4] ?? "");
  const handler = method === "POST" ? runsRoute.POST : promptRoute.GET;
  const params = method === "POST" ? {} : { agentType };
  const response = await handler(request, { params: Promise.resolve(params) });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

async function makeProd(agentType: string) {
  await makeAgentType(handle.db, { name: agentType });
  return makeProduction(handle.db, { agentType, genome: genomeOf(content) });
}

test("the TypeScript client reads and confirms what is in production and reports runs with it", async () => {
  const { id, version, contentHash } = await makeProd("wired");
  let now = 0;
  const service = new PromptService(url, key, { ...patient, now: () => now });
  onTestFinished(async () => {
    await service.close(0);
  });
  const prompt = await service.getPrompt("wired");
  expect(prompt).toMatchObject({ content, version, contentHash, promptId: id, source: "live" });
  expect(prompt.tagGeneration).toBe(1);
  now = 100_000;
  expect((await service.getPrompt("wired")).source).toBe("revalidated");
  const failure = { errorClass: "reported", signature: "x", message: "y" } as const;
  const steps = [{ agentType: "wired", kind: "message", text: "done" } as const];
  service.reportRun({ agentType: "wired", outcome: "failure", prompt, failure, steps });
  expect(await service.flush()).toBe(true);
  expect(service.status().reports).toMatchObject({ sent: 1, rejected: 0, lastError: null });
  const { items } = await listRuns(handle.db, { agentType: "wired" });
  expect(items).toMatchObject([{ promptId: id, outcome: "failure", errorSignature: "x" }]);
});

test("the TypeScript client hears of missing tags and refused keys by code", async () => {
  const service = new PromptService(url, key, patient);
  await expect(service.getPrompt("wired", { tag: "none" })).rejects.toMatchObject({
    code: "not-found",
    reason: "no-such-tag",
  });
  const stranger = new PromptService(url, "gp_wrong", patient);
  await expect(stranger.getPrompt("engineer")).rejects.toMatchObject({ code: "access-refused" });
});

test("the programs of the Python client's README work as they stand", async ({ skip }) => {
  const hasPython = await run("python3", ["-c", "pass"]).then(
    () => true,
    () => false,
  );
  if (!hasPython) skip("python3 is not here");
  const { id, version } = await makeProd("engineer");
  const folder = await mkdtemp(join(tmpdir(), "genepool-readme-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const readme = await readFile(join(import.meta.dirname, "python", "README.md"), "utf8");
  const programs = [...readme.matchAll(/^```python\n([\s\S]*?)^```/gm)].map(
    ([, text]) => text ?? "",
  );
  const [first, render, , failed] = programs;
  const hasJinja = await run("python3", ["-c", "import jinja2"]).then(
    () => true,
    () => false,
  );
  const program = [first, hasJinja ? render : "", failed].join("\n");
  const { stdout, stderr } = await run("python3", ["-c", program], {
    cwd: folder,
    env: {
      ...process.env,
      PYTHONPATH: join(import.meta.dirname, "python", "src"),
      PYTHONDONTWRITEBYTECODE: "1",
      XDG_CACHE_HOME: folder,
      GENEPOOL_URL: url,
      GENEPOOL_KEY: key,
    },
  });
  expect({ stdout, stderr }).toEqual({ stdout: `${version} live 1\n`, stderr: "" });
  const { items } = await listRuns(handle.db, { agentType: "engineer" });
  expect(items.map(({ outcome, promptId }) => [outcome, promptId]).sort()).toEqual([
    ["failure", id],
    ["success", id],
  ]);
});
