/** The code of all workflows in one file, built when their sources changed: a worker starts with it in a third of a second. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundleWorkflowCode } from "@temporalio/worker";
import { sourceHash } from "../scripts/lib/source-hash.ts";

const folder = "workflows/.bundle";
/** Whatever a workflow may import, and the bundler itself. */
const sources = ["workflows", "lib", "package-lock.json"];
const quiet = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  log: () => undefined,
};

/** Answers the path of the bundle. Two processes that build it at once write the same file, each as a whole. */
export async function ensureWorkflowBundle(root: string): Promise<string> {
  const file = path.join(root, folder, "workflows.js");
  const stamp = path.join(root, folder, "sources");
  const wanted = sourceHash(
    root,
    sources.map((source) => source),
  );
  if (existsSync(file) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return file;
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(root, "workflows/all-workflows.ts"),
    payloadConverterPath: path.join(root, "lib/temporal/payload-converter.ts"),
    logger: quiet,
  });
  mkdirSync(path.join(root, folder), { recursive: true });
  for (const [target, content] of [
    [file, code],
    [stamp, wanted],
  ] as const) {
    const draft = `${target}.${process.pid}`;
    writeFileSync(draft, content);
    renameSync(draft, target);
  }
  return file;
}
