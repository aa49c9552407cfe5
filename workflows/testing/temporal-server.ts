/** A real Temporal server for tests, with its state in a file, so that it can be killed and started again. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { Connection } from "@temporalio/client";
import { searchAttributes } from "#lib/temporal/search-attributes.ts";

export interface TemporalServer {
  address: string;
  namespace: string;
  /** kill -9: nothing is flushed. */
  kill(): Promise<void>;
  /** Starts again on the same port and state; resolves when healthy. */
  start(): Promise<void>;
  /** Ends it for good and takes its files away. */
  stop(): Promise<void>;
}

/** Retries and timers cost milliseconds with these and a second each without; throughput hardly changes. */
export const testServerFlags = [
  "history.transferProcessorMaxPollRPS=2000",
  "history.timerProcessorMaxPollRPS=2000",
  'history.timerProcessorMaxTimeShift="5ms"',
] as const;

const healthyTimeoutMs = 30_000;

/** Starts `cli`'s dev server on free ports, with the product's search attributes registered. */
export async function startTemporalServer(options: {
  cli: string;
  namespace?: string;
  /** Leaves the search attributes out, as a server that nobody prepared would. */
  bare?: boolean;
}): Promise<TemporalServer> {
  const namespace = options.namespace ?? "genepool";
  const folder = mkdtempSync(path.join(os.tmpdir(), "genepool-temporal-"));
  const [port, httpPort, metricsPort] = await freePorts(3);
  const address = `127.0.0.1:${port}`;
  const attributes = options.bare === true ? [] : searchAttributes;
  const args = [
    ...["server", "start-dev", "--headless", "--ip", "127.0.0.1", "--log-level", "error"],
    ...["--port", `${port}`, "--http-port", `${httpPort}`, "--metrics-port", `${metricsPort}`],
    ...["--namespace", namespace, "--db-filename", path.join(folder, "temporal.db")],
    ...attributes.flatMap(({ name }) => ["--search-attribute", `${name}=Keyword`]),
    ...testServerFlags.flatMap((flag) => ["--dynamic-config-value", flag]),
  ];
  const watcher = spawn(
    process.execPath,
    [path.join(import.meta.dirname, "end-with-parent.mjs"), "0", folder],
    { detached: true, stdio: ["pipe", "ignore", "ignore"] },
  );
  watcher.unref();
  let server: ChildProcess | null = null;
  const start = async () => {
    const child = spawn(options.cli, args, { stdio: "ignore" });
    server = child;
    watcher.stdin.write(`${child.pid ?? 0}\n`);
    await healthy(address, namespace, child);
  };
  const kill = async () => {
    const child = server;
    server = null;
    if (child === null || child.exitCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.kill("SIGKILL");
    });
    watcher.stdin.write("0\n");
  };
  const stop = async () => {
    await kill();
    watcher.stdin.end();
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, namespace, kill, start, stop };
}

async function healthy(address: string, namespace: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + healthyTimeoutMs;
  let last: unknown = null;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`the Temporal server ended with code ${child.exitCode}`);
    try {
      const connection = await Connection.connect({ address, connectTimeout: "1s" });
      try {
        await connection.workflowService.describeNamespace({ namespace });
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("the Temporal server did not become healthy", { cause: last });
}

/** Ports that were free a moment ago, each another one. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port was given");
    return address.port;
  });
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
  );
  return ports;
}
