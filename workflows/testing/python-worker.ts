/** Starts a worker in Python beside a test. */
import { spawn } from "node:child_process";

const readyTimeoutMs = 20_000;

/** Resolves when the script has said that it listens; the answer ends it. */
export async function startPythonWorker(options: {
  python: string;
  script: string;
  env: Record<string, string>;
}): Promise<() => Promise<void>> {
  const child = spawn(options.python, [options.script], {
    env: { NODE_ENV: "test", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString("utf8");
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.once("exit", () => reject(new Error(`the Python worker ended: ${errors}`)));
      timer = setTimeout(
        () => reject(new Error("the Python worker did not start")),
        readyTimeoutMs,
      );
    });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
