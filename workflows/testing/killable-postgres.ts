/** A Postgres of its own that can be killed and started again behind one address. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#lib/postgres/embedded.ts";

export interface KillablePostgres {
  /** Stays the same across restarts. */
  url: string;
  /** kill -9 of the server and all its processes: nothing is flushed, every connection breaks. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const endTimeoutMs = 10_000;

export async function startKillablePostgres(): Promise<KillablePostgres> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "genepool-killable-"));
  // For root the server runs as another user, who must be able to pass through.
  chmodSync(dataDir, 0o755);
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, databaseName: "chaos" });
  const sockets = new Set<Socket>();
  const door = await openDoor(() => Number(new URL(server.url).port), sockets);
  const url = new URL(server.url);
  url.port = String((door.address() as AddressInfo).port);
  return {
    url: url.href,
    kill: async () => {
      const file = path.join(dataDir, "postgres/cluster/postmaster.pid");
      const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
      for (const one of [pid, ...childrenOf(pid)]) endNow(one);
      for (const socket of sockets) socket.destroy();
      const deadline = Date.now() + endTimeoutMs;
      while (isAlive(pid)) {
        if (Date.now() > deadline) throw new Error("Postgres did not end");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    start: async () => {
      server = await startEmbeddedPostgres({ dataDir, databaseName: "chaos" });
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => door.close(resolve));
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Passes connections on to wherever the server listens now. */
async function openDoor(port: () => number, sockets: Set<Socket>): Promise<Server> {
  const door = createServer((client) => {
    const upstream = connect(port(), "127.0.0.1");
    for (const [own, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(own);
      own.pipe(other);
      // A broken half breaks the other one: that is what a lost connection looks like.
      own.on("error", () => other.destroy());
      own.on("close", () => {
        sockets.delete(own);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  return door;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .filter((text) => text !== "")
    .map(Number);
}

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
