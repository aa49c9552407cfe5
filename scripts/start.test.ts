import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { checkReachable } from "./lib/database.ts";
import { takeInstanceLock, unwritable } from "./lib/instance-lock.ts";

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

function temporaryDirectory(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "genepool-start-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function listening(server: Server): Promise<number> {
  cleanups.push(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP address");
  return address.port;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, "close");
  return port;
}

/** Runs `supervise` in a process and an empty root of its own; the failures below come before anything is built. */
async function superviseWith(env: Record<string, string>) {
  const root = temporaryDirectory();
  const module = pathToFileURL(path.join(import.meta.dirname, "supervisor.ts")).href;
  const code = `
    const { supervise } = await import(${JSON.stringify(module)});
    await supervise(${JSON.stringify(root)});`;
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", code],
    {
      env: { PATH: process.env.PATH, NODE_ENV: "test", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  cleanups.push(() => child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
  }
  const [exitCode] = await once(child, "close");
  return { exitCode, output };
}

/** Speaks just enough of PostgreSQL's protocol to refuse every connection with one error code. */
function refusingPostgres(code: string, message: string): Server {
  const fields = `SFATAL\0C${code}\0M${message}\0\0`;
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + Buffer.byteLength(fields));
  return createServer((socket: Socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () =>
      socket.end(Buffer.concat([Buffer.from("E"), length, Buffer.from(fields)])),
    );
  });
}

test("a taken port ends the start with the port and how to choose another, and leaves no lock behind", async () => {
  const port = await listening(createServer());
  const dataDir = path.join(temporaryDirectory(), "data");
  const { exitCode, output } = await superviseWith({
    PORT: String(port),
    GENEPOOL_DATA_DIR: dataDir,
  });
  expect(output).toMatch(
    new RegExp(`^genepool: Port ${port} is taken by another program\\..*PORT=\\d+ npm start`),
  );
  expect(exitCode).toBe(1);
  expect(existsSync(path.join(dataDir, "running.json"))).toBe(false);
});

test("a second start in the same data directory names the process that runs and leaves its lock alone", async () => {
  const dataDir = temporaryDirectory();
  cleanups.push(takeInstanceLock(dataDir, "http://localhost:4711"));
  const { exitCode, output } = await superviseWith({
    PORT: String(await closedPort()),
    GENEPOOL_DATA_DIR: dataDir,
  });
  expect(output).toContain(`already running here (process ${process.pid}, http://localhost:4711)`);
  expect(exitCode).toBe(1);
  expect(existsSync(path.join(dataDir, "running.json"))).toBe(true);
});

test("a data directory that cannot be made ends the start with what to do about it", async () => {
  const file = path.join(temporaryDirectory(), "file");
  writeFileSync(file, "");
  const { exitCode, output } = await superviseWith({
    PORT: String(await closedPort()),
    GENEPOOL_DATA_DIR: path.join(file, "below"),
  });
  expect(output).toMatch(/^genepool: The data directory .* is not writable .*GENEPOOL_DATA_DIR/);
  expect(exitCode).toBe(1);
});

test("variables that cannot be used are all named at once", async () => {
  const { exitCode, output } = await superviseWith({ PORT: "many", GENEPOOL_TRAFFIC: "maybe" });
  expect(output).toMatch(/^genepool: These environment variables are not usable:/);
  expect(output).toContain("PORT:");
  expect(output).toContain("GENEPOOL_TRAFFIC:");
  expect(exitCode).toBe(1);
});

test("the lock of a process that ended is taken over, and so is one cut short", () => {
  const dataDir = temporaryDirectory();
  const lock = path.join(dataDir, "running.json");
  const born = "a start time that this process does not have";
  const leftOver = JSON.stringify({ pid: process.pid, born, address: "http://localhost:3000" });
  for (const content of [leftOver, '{"pid": 12']) {
    writeFileSync(lock, content);
    const release = takeInstanceLock(dataDir, "http://localhost:4711");
    expect(readFileSync(lock, "utf8")).toContain("4711");
    release();
    expect(existsSync(lock)).toBe(false);
  }
});

test("a full disk is told apart from missing permission", () => {
  const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  const denied = Object.assign(new Error("permission denied"), { code: "EACCES" });
  expect(unwritable("/data", full).message).toMatch(/^The disk that holds \/data is full\./);
  expect(unwritable("/data", denied).message).toMatch(/is not writable \(permission denied\)/);
});

test("a DATABASE_URL where nothing listens says so", async () => {
  const url = `postgres://someone:secret@127.0.0.1:${await closedPort()}/genepool`;
  await expect(checkReachable(url)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/^DATABASE_URL does not work: .*Nothing listens there/),
  });
});

test.each([
  ["28P01", "password authentication failed", /refuses user or password/],
  ["3D000", "database does not exist", /Create that database first/],
  ["53300", "too many connections", /too many connections\. Unset DATABASE_URL/],
])(
  "a DATABASE_URL whose server answers %s says what to correct, without the password",
  async (code, words, advice) => {
    const port = await listening(refusingPostgres(code, words));
    const failure = checkReachable(`postgres://someone:secret@127.0.0.1:${port}/genepool`);
    await expect(failure).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(advice),
    });
    await expect(failure).rejects.not.toThrow(/secret/);
  },
);
