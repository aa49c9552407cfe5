/**
 * The controller's fetch of the built product against a bare Next handler that answers a constant of the same size, by
 * turns on one machine: npm run bench -- fetch [--rounds 40] [--seconds 1] [--connections 16]. Ends with 1 when the fetch
 * has less than 90 % of the throughput or more than 1.5 times the p99.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import { z } from "zod";
import { saveAgentType } from "#lib/db/agent-types.ts";
import { createDatabase } from "#lib/db/client.ts";
import { deployMigrations } from "#lib/db/migrate/migrate.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import { createApiKey } from "#lib/keys/api-keys.ts";
import { startEmbeddedPostgres } from "#lib/postgres/embedded.ts";
import { createPrompt } from "#lib/registry/create-prompt.ts";
import { installProduction } from "#lib/registry/production.ts";
import { ensureWebBuild } from "../../scripts/lib/web-build.ts";
import { type Comparison, compare, type Figures, type Measured, target } from "./compare.ts";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../..");
const measured = z.object({ ms: z.number(), latencies: z.array(z.number()) });

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "40" },
    seconds: { type: "string", default: "1" },
    connections: { type: "string", default: "16" },
  },
});

/** One thing to measure: what is asked, and what must be answered. */
interface Subject {
  url: string;
  headers: Record<string, string>;
  status: number;
}

type Pair = Record<"ours" | "bare", Subject>;

const folder = mkdtempSync(path.join(os.tmpdir(), "genepool-bench-"));
// For root the database runs as another user, who must be able to pass through.
chmodSync(folder, 0o755);
const children: ChildProcess[] = [];
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

await buildBoth();
const postgres = await startEmbeddedPostgres({ dataDir: folder, databaseName: "bench" });
try {
  const key = await seed(postgres.url);
  const pairs = await startBoth(postgres.url, key);
  sayMachine();
  const met = [];
  for (const [name, comparison] of await measureByTurns(pairs)) {
    say(name, comparison);
    met.push(comparison.isMet);
  }
  if (met.includes(false)) process.exitCode = 1;
} finally {
  for (const child of children) child.kill("SIGKILL");
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function buildBoth(): Promise<void> {
  await ensureWebBuild(root, path.join(folder, "build.log"));
  const next = path.join(root, "node_modules/next/dist/bin/next");
  const bare = path.join(import.meta.dirname, "bare-app");
  await run(process.execPath, [next, "build", bare], {
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
}

/** A prompt of three kilobytes in production; answers a key that may read it. */
async function seed(url: string): Promise<string> {
  await deployMigrations(url, root);
  const { db, close } = createDatabase({ url });
  const agentType = "engineer";
  await saveAgentType(db, {
    name: agentType,
    system: "single",
    suite: "bench",
    description: "An agent whose prompt is fetched.",
    allowedTools: [],
    defaultModel: "simulated",
  });
  const content = `Solve the problem.\n${"Say what you did and why you did it. ".repeat(80)}`;
  const by = { createdBy: "bench", message: "first" };
  const genome = { content, parameters: promptParameters.parse({}), tools: [] };
  const made = await createPrompt(db, { agentType, genome, change: "seed", parents: [], ...by });
  await installProduction(db, { promptId: made.prompt.id, actor: "bench", reason: "first" });
  const { key } = await createApiKey(db, { name: "bench", scopes: ["prompts:read"] }, "bench");
  await close();
  return key;
}

async function startBoth(databaseUrl: string, key: string): Promise<Map<string, Pair>> {
  const ours = await freePort();
  start([path.join(root, "scripts/web-server.mjs"), String(ours), "127.0.0.1"], {
    DATABASE_URL: databaseUrl,
    NEXTAUTH_SECRET: "a secret of the bench, 32 characters",
    NEXTAUTH_URL: `http://127.0.0.1:${ours}`,
  });
  const url = `http://127.0.0.1:${ours}/api/v1/agents/engineer/prompt?tag=prod`;
  const headers = { authorization: `Bearer ${key}` };
  const first = await untilAnswered(url, headers);
  const etag = first.headers.get("etag") ?? "";
  const bytes = (await first.arrayBuffer()).byteLength;
  const bare = await freePort();
  start([path.join(import.meta.dirname, "bare-server.mjs"), String(bare)], {
    BARE_BYTES: String(bytes),
  });
  // The same headers on both sides: reading them costs something too.
  const conditional = { ...headers, "if-none-match": etag };
  const at = (name: string) => `http://127.0.0.1:${bare}/${name}`;
  await untilAnswered(at("body"), headers);
  const body = { url, headers, status: 200 };
  const unchanged = { url, headers: conditional, status: 304 };
  return new Map([
    [`fetch of ${bytes} bytes`, { ours: body, bare: { ...body, url: at("body") } }],
    ["304", { ours: unchanged, bare: { ...unchanged, url: at("unchanged") } }],
  ]);
}

function start(args: string[], env: Record<string, string>): void {
  const log = openSync(path.join(folder, `${children.length}.log`), "a");
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", log, log],
  });
  children.push(child);
}

async function untilAnswered(url: string, headers: Record<string, string>): Promise<Response> {
  for (const deadline = Date.now() + 60_000; ; ) {
    try {
      const response = await fetch(url, { headers });
      if (response.ok) return response;
      throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    } catch (error) {
      // Not listening yet, or still connecting to its database.
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Every round measures all, in turning order: whatever else the machine does meanwhile falls on both sides. */
async function measureByTurns(pairs: Map<string, Pair>): Promise<Map<string, Comparison>> {
  const ms = Number(options.seconds) * 1_000;
  const all = [...pairs].map(([name, pair]) => ({
    name,
    pair,
    ours: [] as Measured[],
    bare: [] as Measured[],
  }));
  for (const { pair } of all) {
    // Compilers warm up on both sides before anything counts.
    await measure(pair.ours, 2_000);
    await measure(pair.bare, 2_000);
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const { pair, ours, bare } of all) {
      const first = round % 2 === 0 ? ours : bare;
      for (const side of [first, first === ours ? bare : ours])
        side.push(await measure(side === ours ? pair.ours : pair.bare, ms));
    }
  }
  return new Map(all.map(({ name, ours, bare }) => [name, compare(ours, bare)]));
}

async function measure(subject: Subject, ms: number): Promise<Measured> {
  const load = path.join(import.meta.dirname, "load.mjs");
  const plan = JSON.stringify({ ...subject, ms, connections: Number(options.connections) });
  const { stdout } = await run(process.execPath, [load, plan], { maxBuffer: 1 << 28 });
  return measured.parse(JSON.parse(stdout));
}

function sayMachine(): void {
  const [cpu] = os.cpus();
  const gib = (os.totalmem() / 2 ** 30).toFixed(0);
  const load = os.loadavg().map((value) => value.toFixed(1));
  console.log(
    `${os.cpus().length} × ${cpu?.model.trim() ?? "unknown"}, ${gib} GiB, ${os.type()} ${os.release()}, Node ${process.version}, load ${load.join(" ")}`,
  );
  console.log(
    `${options.rounds} rounds of ${options.seconds} s each, ${options.connections} connections`,
  );
}

function say(name: string, { ours, bare, throughputRatio, p99Ratio, isMet }: Comparison): void {
  const line = (side: string, { requests, perSecond, p50Ms, p99Ms }: Figures) =>
    console.log(
      `  ${side.padEnd(8)} ${perSecond.toFixed(0).padStart(6)} /s   p50 ${p50Ms.toFixed(2)} ms   p99 ${p99Ms.toFixed(2)} ms   ${requests} requests`,
    );
  console.log(`${name}: ${isMet ? "met" : "MISSED"}`);
  line("genepool", ours);
  line("bare", bare);
  console.log(
    `  throughput ${(100 * throughputRatio).toFixed(1)} % (at least ${100 * target.throughputMin} %), p99 ${p99Ratio.toFixed(2)} times (at most ${target.p99Max})`,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}
