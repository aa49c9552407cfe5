/** The supervisor behind `npm start`: brings everything up in order, keeps it up, takes it down. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { type Env, env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { temporalSettings } from "#lib/temporal/settings.ts";
import { KeptChild } from "./lib/children.ts";
import { type ReadyDatabase, readyDatabase } from "./lib/database.ts";
import { takeInstanceLock, unwritable } from "./lib/instance-lock.ts";
import { ensureWebBuild } from "./lib/web-build.ts";
import { seedDatabase } from "./seed.ts";

const readyTimeoutMs = 60_000;
const graceMs = 6_000;

/** Runs until a signal ends it; answers through the exit code. */
export async function supervise(root: string): Promise<void> {
  const closers: (() => Promise<void> | void)[] = [];
  let closing: Promise<void> | null = null;
  const close = (code: number) => {
    closing ??= closeAll(closers).then(() => process.exit(code));
    return closing;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (closing !== null && signal === "SIGINT") process.exit(130);
      say("Stopping …");
      void close(0);
    });
  }
  whenOrphaned(() => {
    say("The process that started this one is gone. Stopping …");
    void close(0);
  });
  try {
    await bringUp(root, env(), closers, (name) => {
      say(`${name} does not stay up; stopping everything.`);
      void close(1);
    });
  } catch (error) {
    if (closing !== null) return;
    if (!(error instanceof AppError)) throw error;
    console.error(`genepool: ${error.message}`);
    await close(1);
  }
}

/** npm hands a SIGTERM only to the shell between it and us, which dies of it in silence: our parent changes then. */
function whenOrphaned(act: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    act();
  }, 500);
  watch.unref();
}

async function bringUp(
  root: string,
  settings: Env,
  closers: (() => Promise<void> | void)[],
  gaveUp: (name: string) => void,
): Promise<void> {
  const began = Date.now();
  // Settings that cannot work are told before anything is started.
  temporalSettings(settings);
  const address = settings.NEXTAUTH_URL ?? `http://localhost:${settings.PORT}`;
  const dataDir = path.resolve(root, settings.GENEPOOL_DATA_DIR);
  closers.push(takeInstanceLock(dataDir, address));
  await requireFreePort(settings.HOST, settings.PORT);
  const logs = path.join(dataDir, "logs");
  mkdirSync(logs, { recursive: true });
  // The build needs no database, so both go on at once.
  const building = ensureWebBuild(root, path.join(logs, "build.log"));
  building.catch(() => undefined);
  const database = await readyDatabase({ databaseUrl: settings.DATABASE_URL, dataDir, root });
  closers.push(database.stop);
  say(
    `Database: ${database.description}${database.applied.length > 0 ? `, ${database.applied.length} migrations applied` : ""}.`,
  );
  const childEnv = environmentFor(settings, dataDir, database, address);
  const seeded = await seedDatabase({ url: database.url, env: settings });
  if (await building) say("Web app built.");
  const children = childrenOf(root, settings, childEnv, logs, gaveUp);
  for (const child of children) {
    child.start();
    closers.push(() => child.stop(graceMs));
  }
  await waitUntilReady(settings);
  say(`Genepool is ready after ${((Date.now() - began) / 1_000).toFixed(1)} s: ${address}`);
  if (seeded.administrator !== null) {
    const { name, password } = seeded.administrator;
    say(
      `Sign in as ${name} with the password ${password} (shown once; change it with: npx genepool users reset-password ${name})`,
    );
  }
  say("Ctrl-C stops everything.");
}

function childrenOf(
  root: string,
  settings: Env,
  childEnv: NodeJS.ProcessEnv,
  logs: string,
  gaveUp: (name: string) => void,
): KeptChild[] {
  const preload = ["--import", path.join(root, "scripts/lib/exit-with-parent.mjs")];
  const report = { line: say, gaveUp };
  const spec = (name: string, args: string[]) => ({
    name,
    args,
    env: childEnv,
    cwd: root,
    logFile: path.join(logs, `${name}.log`),
  });
  const server = path.join(root, "scripts/web-server.mjs");
  const web = [...preload, server, String(settings.PORT), settings.HOST];
  const optimizer = [...preload, "--import", "tsx", path.join(root, "optimizer/main.ts")];
  const children = [
    new KeptChild(spec("web", web), report),
    new KeptChild(spec("optimizer", optimizer), report),
  ];
  if (temporalSettings(settings) !== null) {
    const worker = [...preload, "--import", "tsx", path.join(root, "workflows/main.ts")];
    // Pages and fetches need no worker: without one experiments wait, and that is seen there.
    const waiting = (name: string) => say(`${name} does not stay up; experiments wait for one.`);
    children.push(new KeptChild(spec("worker", worker), { line: say, gaveUp: waiting }));
  }
  return children;
}

function environmentFor(
  settings: Env,
  dataDir: string,
  database: ReadyDatabase,
  address: string,
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL: database.url,
    NEXTAUTH_URL: address,
    NEXTAUTH_SECRET: settings.NEXTAUTH_SECRET ?? keptSecret(dataDir),
  };
}

/** Made once: sessions outlive a restart. */
function keptSecret(dataDir: string): string {
  const file = path.join(dataDir, "session-secret");
  try {
    if (!existsSync(file))
      writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600 });
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw unwritable(dataDir, error);
  }
}

function requireFreePort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      const words =
        error.code === "EADDRINUSE"
          ? `Port ${port} is taken by another program. Stop that one, or choose another: PORT=3001 npm start`
          : `Cannot listen on ${host}:${port} (${error.message}). Choose another with HOST and PORT.`;
      reject(new AppError("unavailable", words, { cause: error }));
    });
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

async function waitUntilReady(settings: Env): Promise<void> {
  const host = settings.HOST === "0.0.0.0" || settings.HOST === "::" ? "127.0.0.1" : settings.HOST;
  const deadline = Date.now() + readyTimeoutMs;
  while (Date.now() < deadline) {
    try {
      const answer = await fetch(`http://${host}:${settings.PORT}/api/v1/health`, {
        signal: AbortSignal.timeout(2_000),
      });
      if (answer.ok) return;
    } catch {
      // Not listening yet: asked again below until the deadline.
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new AppError(
    "unavailable",
    `The web server did not answer within ${readyTimeoutMs / 1_000} s. Its log is in the data directory, logs/web.log.`,
  );
}

/** Last opened, first closed. The children end together, then the database. */
async function closeAll(closers: readonly (() => Promise<void> | void)[]): Promise<void> {
  const [lock, database, ...children] = closers;
  await Promise.allSettled(children.map(async (stop) => stop()));
  for (const stop of [database, lock]) {
    try {
      await stop?.();
    } catch (error) {
      console.error(`genepool: while stopping: ${error instanceof Error ? error.message : error}`);
    }
  }
}

function say(text: string): void {
  console.log(text);
}
