/** The worker's own process beside a test, as `npm start` keeps it, to be killed and drained. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { projectRoot } from "./test-worker.ts";

export interface WorkerChild {
  healthUrl: string;
  pid: number;
  /** Status of /ready; null while nothing listens. */
  ready(): Promise<number | null>;
  signal(name: "SIGTERM" | "SIGKILL"): void;
  /** Exit code or signal. */
  ended: Promise<number | string>;
}

export function startWorkerChild(options: {
  address: string;
  namespace: string;
  databaseUrl: string;
  healthPort: number;
  env?: Record<string, string>;
}): WorkerChild {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--import", "tsx", path.join(projectRoot, "workflows/main.ts")],
    {
      cwd: projectRoot,
      env: {
        NODE_ENV: "test",
        TEMPORAL_ADDRESS: options.address,
        TEMPORAL_NAMESPACE: options.namespace,
        DATABASE_URL: options.databaseUrl,
        GENEPOOL_WORKER_HEALTH_PORT: String(options.healthPort),
        GENEPOOL_WORKER_PROVIDERS: "simulated",
        GENEPOOL_WORKER_DRAIN_SECONDS: "2",
        GENEPOOL_LOG_LEVEL: "silent",
        ...options.env,
      },
      stdio: "ignore",
    },
  );
  const healthUrl = `http://127.0.0.1:${options.healthPort}`;
  return {
    healthUrl,
    pid: child.pid ?? 0,
    ready: () =>
      fetch(`${healthUrl}/ready`, { signal: AbortSignal.timeout(1_000) }).then(
        (answer) => answer.status,
        () => null,
      ),
    signal: (name) => child.kill(name),
    ended: new Promise((resolve) =>
      child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown")),
    ),
  };
}
