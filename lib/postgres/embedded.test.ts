import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { findRunningPostgres, startEmbeddedPostgres } from "./embedded.ts";

const timeoutMs = 90_000;
const settings = ["fsync=off", "shared_buffers=16MB"];
const cleanups: (() => Promise<void> | void)[] = [];

afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
}, timeoutMs);

function dataDirectory(): string {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "genepool-embedded-"));
  // For root the server runs as another user, who must be able to pass through.
  chmodSync(dataDir, 0o755);
  cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

async function start(dataDir: string) {
  const server = await startEmbeddedPostgres({ dataDir, settings });
  cleanups.push(server.stop);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts the server from a process of its own, which is then killed without a chance to clean up. */
async function startFromKilledParent(dataDir: string): Promise<string> {
  const module = pathToFileURL(path.join(import.meta.dirname, "embedded.ts")).href;
  const code = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(module)});
    const { url } = await startEmbeddedPostgres(${JSON.stringify({ dataDir, settings })});
    process.stdout.write(url);
    setInterval(() => {}, 1_000);`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", code];
  const parent = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(parent, "exit");
  const [url] = await Promise.race([once(parent.stdout, "data"), ended]);
  parent.kill("SIGKILL");
  await ended;
  return String(url);
}

test(
  "a server outlives its killed parent, is adopted by the next start, and keeps its data over a restart",
  async () => {
    const dataDir = dataDirectory();
    const leftOver = await startFromKilledParent(dataDir);
    expect(leftOver).toMatch(/^postgres:\/\/genepool:.+@127\.0\.0\.1:\d+\/genepool$/);
    await query(leftOver, "CREATE TABLE kept (n int)");
    await query(leftOver, "INSERT INTO kept VALUES (7)");

    const adopting = await start(dataDir);
    expect(adopting).toMatchObject({ adopted: true, url: leftOver });
    expect(await findRunningPostgres(dataDir)).toBe(leftOver);
    await adopting.stop();
    expect(await findRunningPostgres(dataDir)).toBeNull();

    const restarted = await start(dataDir);
    expect(restarted.adopted).toBe(false);
    expect(await query(restarted.url, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
    await restarted.stop();
  },
  timeoutMs,
);

test(
  "the password is readable by the owner alone, and nobody connects without it",
  async () => {
    const dataDir = dataDirectory();
    const server = await start(dataDir);
    expect(statSync(path.join(dataDir, "postgres-password")).mode & 0o777).toBe(0o600);
    const handed = path.join(dataDir, "postgres/initial-password");
    expect(!existsSync(handed) || statSync(handed).size === 0).toBe(true);
    const stranger = new URL(server.url);
    stranger.password = "guessed";
    await expect(query(stranger.href, "SELECT 1")).rejects.toThrow(/password authentication/);
    await server.stop();
  },
  timeoutMs,
);

test("a data directory that cannot be made is refused with what to do about it", async () => {
  const file = path.join(dataDirectory(), "file");
  writeFileSync(file, "");
  await expect(startEmbeddedPostgres({ dataDir: path.join(file, "below") })).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/is not writable .*GENEPOOL_DATA_DIR/),
  });
});

test.runIf(process.getuid?.() === 0)(
  "as root, a data directory closed to the server's user is refused with what to do about it",
  async () => {
    const closed = mkdtempSync(path.join(os.tmpdir(), "genepool-embedded-"));
    cleanups.push(() => rmSync(closed, { recursive: true, force: true }));
    await expect(
      startEmbeddedPostgres({ dataDir: path.join(closed, "data") }),
    ).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/cannot reach .*chmod a\+x/),
    });
  },
);
