/** The worker's health over HTTP, for whoever keeps it up: /health while it lives, /ready while it takes work. */
import { createServer } from "node:http";
import { AppError } from "#lib/errors.ts";

export interface WorkerHealth {
  ready: boolean;
  /** Why it is not ready, in words. */
  reason: string | null;
  queues: { queue: string; state: string; activities: number }[];
}

/** Listens on `port`, 0 for any free one. Throws AppError("unavailable") when the port is taken. */
export async function serveHealth(options: {
  host: string;
  port: number;
  health: () => WorkerHealth;
}): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0];
    const health = options.health();
    const [status, body] =
      path === "/health"
        ? [200, { status: "ok" }]
        : path === "/ready"
          ? [health.ready ? 200 : 503, health]
          : [404, { error: "There are /health and /ready." }];
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(body));
  });
  server.requestTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const words =
        cause.code === "EADDRINUSE"
          ? `Port ${options.port} for the worker's health is taken. Set GENEPOOL_WORKER_HEALTH_PORT to another one, or to 0 for none.`
          : `The worker's health cannot be served on ${options.host}:${options.port} (${cause.message}).`;
      reject(new AppError("unavailable", words, { cause }));
    });
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
