import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/errors.ts";
import { sourceHash } from "./source-hash.ts";

const sources = [
  "app",
  "components",
  "lib",
  "public",
  "next.config.mjs",
  "proxy.ts",
  "instrumentation.ts",
  "package-lock.json",
  "tsconfig.json",
];
const buildTimeoutMs = 10 * 60_000;

/** A build under way: it ends with this process, however that ends. */
let building: ChildProcess | null = null;
process.on("exit", () => building?.kill("SIGKILL"));

/** Builds the web app unless the last build was made from the same sources; answers whether it built. */
export async function ensureWebBuild(root: string, logFile: string): Promise<boolean> {
  const wanted = sourceHash(root, sources);
  const stamp = path.join(root, ".next/genepool-build");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return false;
  await runBuild(root, logFile);
  writeFileSync(stamp, wanted);
  return true;
}

function runBuild(root: string, logFile: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = path.join(root, "node_modules/next/dist/bin/next");
    const child = spawn(process.execPath, [next, "build"], {
      cwd: root,
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    building = child;
    let output = "";
    const take = (chunk: Buffer) => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const timer = setTimeout(() => child.kill("SIGKILL"), buildTimeoutMs);
    child.on("close", (code) => {
      clearTimeout(timer);
      building = null;
      writeFileSync(logFile, output);
      if (code === 0) return resolve();
      const words = output.trim().split("\n").slice(-15).join("\n");
      reject(
        new AppError(
          "unavailable",
          `The web app could not be built:\n${words}\nThe whole log: ${logFile}`,
        ),
      );
    });
  });
}
